// SPDX-License-Identifier: GPL-2.0-only
// `mpath vm boot` as a user runs it, on a real kernel.
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { buildMpath, runMpath } from '../testing/mpath-process.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
beforeAll(buildMpath);

it('boots a kernel with the devices of a scenario and answers each line of its input', async () => {
  const lines = [
    'ls /sys/bus/pci/drivers/nvme',
    'cat /nope',
    'write /dev/kmsg said by the guest',
    'mont',
    'exit',
    'ls /',
  ];
  const args = ['vm', 'boot', '7.3', '--scenario', 'round-robin-alternates'];
  const { code, out, err } = await runMpath(args, { cwd: root, input: `${lines.join('\n')}\n` });
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(out).toContain('new_id');
  expect(out).toContain('ENOENT: ');
  expect(out.trimEnd().split('\n').at(-1)).toBe('there is no mont; did you mean mount?');
  expect(err).toMatch(/^Linux 7\.3\S* \(\w+, QEMU [\d.]+, booted in [\d.]+ s\); `help` says what can be asked/m);
});
