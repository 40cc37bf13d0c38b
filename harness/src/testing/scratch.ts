// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BootOptions } from '../vm.js';

export const FAKE_QEMU = fileURLToPath(new URL('../../test/fake-qemu.mjs', import.meta.url));

/** A file with the boot header and nothing else: enough for a QEMU that is none. */
const bootHeader = (): Buffer => {
  const bytes = Buffer.alloc(0x400);
  bytes.write('HdrS', 0x202, 'latin1');
  return bytes;
};

export interface Scratch {
  readonly dir: string;
  /** Options for the fake QEMU to play `part` (test/fake-qemu.mjs). */
  readonly options: (part: string, more?: Partial<BootOptions>) => BootOptions;
}

/** A directory with a kernel and an image for the fake QEMU. The caller removes it. */
export const makeScratch = async (): Promise<Scratch> => {
  const dir = await mkdtemp(join(tmpdir(), 'mpath-t-'));
  await writeFile(join(dir, 'bzImage'), bootHeader());
  await writeFile(join(dir, 'image'), '');
  return {
    dir,
    options: (part, more = {}) => ({
      kernel: { vmlinuzPath: join(dir, 'bzImage') },
      image: { path: join(dir, 'image') },
      spec: {
        nodes: [{ cpus: 1, memoryMiB: 64 }],
        ports: [],
        blocks: [{ id: 'd0', sizeBytes: 1 << 20 }],
        devices: [],
        modules: [],
        kernelArgs: [`fake=${part}`],
      },
      accelerator: 'tcg',
      qemuPath: FAKE_QEMU,
      ...more,
    }),
  };
};
