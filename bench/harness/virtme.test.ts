// SPDX-License-Identifier: GPL-2.0-only
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bootVirtme, findVirtme } from './virtme.js';

const folder = mkdtempSync(join(tmpdir(), 'mpath-virtme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = (name: string, body: string): string => {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
};
const machine = { vmlinuzPath: '/k', isKvm: false, cpus: 2, memoryMiB: 512 };

it('finds virtme-run where it can be executed, and nowhere else', () => {
  writeFileSync(join(folder, 'virtme-run'), '');
  expect(findVirtme(['/nowhere', folder].join(delimiter))).toBeUndefined();
  const file = program('virtme-run', 'true');
  expect(findVirtme(['/nowhere', folder].join(delimiter))).toBe(file);
});

it('takes the time until the guest has run what it was told, on the kernel and machine asked for', async () => {
  // It does what the guest would: carries out the last argument.
  const file = program(
    'boots',
    'case "$*" in *"--kimg /k"*"--memory 512M"*"--disable-kvm"*) eval "$SHELL_LINE";; esac',
  );
  const seconds = bootVirtme({
    ...machine,
    program: program('wrap', `for last; do :; done\nSHELL_LINE="$last" ${file} "$@"`),
  });
  expect(await seconds).toBeGreaterThan(0);
});

it('says what was printed when the guest never got there', async () => {
  await expect(bootVirtme({ ...machine, program: program('fails', 'echo no kernel') })).rejects.toThrow('no kernel');
});
