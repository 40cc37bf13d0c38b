// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { toyDriver } from '@libmultipath/scenario/testing/toy-driver';
import { ran, type Ran } from './ran.js';

const bin = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const toy = fileURLToPath(new URL('../../../scenario/src/testing/toy-driver.ts', import.meta.url));
const fakeQemu = fileURLToPath(new URL('../../../../harness/test/fake-qemu.mjs', import.meta.url));

/** Head of a bzImage whose release is 2.0.1: enough for everything but a processor. */
const kernelHead = (): Buffer => {
  const head = Buffer.alloc(0x400);
  head.writeUInt16LE(0xaa55, 0x1fe);
  head.write('HdrS', 0x202, 'latin1');
  head.writeUInt16LE(0x100, 0x20e);
  head.write('2.0.1 (toy)\0', 0x300, 'latin1');
  return head;
};

/** Programs that stand in for those of a machine; each is all that the command sees of it. */
const programs: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': `exec node '${fakeQemu}' "$@"`,
  // Compiles anything into an empty file, and says where a C library would be.
  gcc: `case "$1" in --version) echo 'gcc 0';; -print-file-name=*) echo /libc.a;; *) while [ "$1" != -o ]; do shift; done; echo > "$2";; esac`,
  'apt-get': `case "$*" in *indextargets*) printf 'Origin: Debian\\nLabel: Debian\\nRepo-URI: http://127.0.0.1:9/\\n';; *) echo 'E: Failed to fetch: no route' >&2; exit 100;; esac`,
  'apt-config': 'exit 0',
};

/** A folder with a configuration, a kernel, a cache and a PATH of its own: a machine to be a user of. */
export class Stage {
  private constructor(readonly dir: string) {}

  static async make(root: string): Promise<Stage> {
    const stage = new Stage(await mkdtemp(join(root, 's-')));
    const { dir } = stage;
    for (const sub of ['bin', 'tmp', 'cache/kernels/kept', 'modules']) await mkdir(join(dir, sub), { recursive: true });
    await cp(fileURLToPath(toyDriver.scenarios), join(dir, 'scenarios'), { recursive: true });
    await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
    await writeFile(
      join(dir, 'mpath.config.ts'),
      `import { toyDriver } from ${JSON.stringify(pathToFileURL(toy).href)};
const scenarios: URL = new URL('./scenarios/', import.meta.url);
const kernelArgs = ['fake=' + process.env.FAKE_PART];
const lower = (topology) => ({ ...toyDriver.guest.lower(topology), kernelArgs });
export default { drivers: [{ ...toyDriver, scenarios, guest: { ...toyDriver.guest, lower } }] };
`,
    );
    await writeFile(join(dir, 'bzImage'), kernelHead());
    await writeFile(
      join(dir, 'modules/modules.builtin'),
      'kernel/toy.ko\nkernel/virtio_pci.ko\nkernel/virtio_console.ko\n',
    );
    await writeFile(join(dir, 'cache/kernels/kept/kernel.json'), 'earlier');
    await symlink(process.execPath, join(dir, 'bin/node'));
    for (const name of ['setpriv', 'sh']) await symlink(await found(name), join(dir, 'bin', name));
    for (const [name, text] of Object.entries(programs)) {
      await writeFile(join(dir, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    return stage;
  }

  /** Runs the command as a user of that machine does. */
  mpath(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const { dir } = this;
    return ran(
      spawn(process.execPath, [bin, ...args], {
        cwd: dir,
        env: { PATH: join(dir, 'bin'), TMPDIR: join(dir, 'tmp'), MPATH_CACHE: join(dir, 'cache'), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 60_000,
        killSignal: 'SIGKILL',
      }),
    );
  }

  /** What a run must not leave: run directories, half of a cache entry, processes; and whether the cache lost anything. */
  async leftBehind(): Promise<readonly string[]> {
    const { dir } = this;
    const left: string[] = [];
    // The loader of TypeScript keeps a cache of its own in the temporary folder.
    for (const name of await readdir(join(dir, 'tmp'))) if (!name.startsWith('tsx-')) left.push(`tmp/${name}`);
    for (const name of await readdir(join(dir, 'cache/tmp')).catch((): string[] => [])) left.push(`cache/tmp/${name}`);
    const kernels = await readdir(join(dir, 'cache/kernels'));
    if (kernels.join(' ') !== 'kept') left.push(`cache/kernels: ${kernels.join(' ')}`);
    if ((await readFile(join(dir, 'cache/kernels/kept/kernel.json'), 'utf8')) !== 'earlier')
      left.push('a changed cache');
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const words = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
      if (words.includes(dir)) left.push(`process ${pid}: ${words.replaceAll('\0', ' ')}`);
    }
    return left;
  }
}

const found = async (name: string): Promise<string> => {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    if (dir !== '' && (await readdir(dir).catch((): string[] => [])).includes(name)) return join(dir, name);
  }
  throw new Error(`${name} is not in PATH`);
};
