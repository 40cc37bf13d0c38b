// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { buildAgent, buildBareInit, type BuildOptions } from './agent.js';
import { moduleName, type Kernel } from './kernel.js';
import { moduleOrder, modulesOnDisk, type LoadedModule } from './module-order.js';
import { NEWC_WRITER_VERSION, writeNewc, type ArchiveEntry } from './newc.js';
import { sha256 } from './tree.js';
import { withWorkspace } from './workspace.js';

export interface ImageRequest extends BuildOptions {
  readonly kernel: Kernel;
  /** Modules that are loaded before the agent answers, beside those of its own channel. */
  readonly modules: readonly string[];
}

export interface BuiltImage {
  /** An uncompressed initramfs for `-initrd`. */
  readonly path: string;
  readonly contentKey: string;
}

/** The agent's port: QEMU's virtio-serial on PCI. */
const CHANNEL_MODULES = ['virtio_pci', 'virtio_console'] as const;
/** Where the agent mounts, and what it expects. */
const DIRECTORIES = ['dev', 'etc', 'etc/mpath', 'lib', 'lib/modules', 'mnt', 'proc', 'run', 'sys', 'tmp'] as const;
const IMAGE_VERSION = 1;

/** The entries of an image. Everything in it is ours, but the modules. */
export const imageEntries = (init: Uint8Array, modules: readonly LoadedModule[]): ArchiveEntry[] => [
  ...DIRECTORIES.map((path) => ({ kind: 'dir', path }) as const),
  { kind: 'char', path: 'dev/console', major: 5, minor: 1 },
  { kind: 'file', path: 'init', content: init, mode: 0o755 },
  {
    kind: 'file',
    path: 'etc/mpath/modules',
    content: Buffer.from(modules.map(({ name }) => `/lib/modules/${name}.ko\n`).join('')),
  },
  ...modules.map(({ name, content }) => ({ kind: 'file', path: `lib/modules/${name}.ko`, content }) as const),
];

/** An image's name holds its length, so that a cut one is noticed by a look. */
const cachedImage = async (path: string): Promise<boolean> => {
  const note = await readFile(`${path}.size`, 'utf8').catch(() => '');
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && note === `${found.size}\n`;
};

const place = async (cacheDir: string, path: string, make: () => Promise<Buffer>): Promise<void> => {
  if (await cachedImage(path)) return;
  const image = await make();
  await withWorkspace(cacheDir, async (work) => {
    await mkdir(join(cacheDir, 'images'), { recursive: true });
    await writeFile(join(work, 'image'), image);
    await writeFile(join(work, 'size'), `${image.length}\n`);
    await rename(join(work, 'image'), path);
    await rename(join(work, 'size'), `${path}.size`);
  });
};

/**
 * The initramfs of a guest: the agent as init, the modules in the order of their loading.
 * @throws LMP-803, LMP-804, LMP-806 a module is missing, LMP-807, LMP-810 to LMP-812
 */
export const buildImage = async ({ kernel, modules, ...options }: ImageRequest): Promise<BuiltImage> => {
  const cacheDir = resolve(options.cacheDir);
  const agent = await buildAgent(options);
  const asked = [...new Set(modules.map(moduleName))];
  const versions = `${IMAGE_VERSION}.${NEWC_WRITER_VERSION}`;
  const contentKey = sha256('image', versions, kernel.contentKey, basename(agent.path), asked.join(' '));
  const path = join(cacheDir, 'images', `${contentKey.slice(0, 24)}.cpio`);
  await place(cacheDir, path, async () => {
    options.progress?.(`image for ${kernel.release}: ${asked.length === 0 ? 'no extra modules' : asked.join(' ')}`);
    // Without a modules directory nobody can say what is built in: the guest will show it.
    const channel = kernel.modulesDir === undefined ? [] : CHANNEL_MODULES;
    const order = await moduleOrder(await modulesOnDisk(kernel), [...channel, ...asked]);
    return writeNewc(imageEntries(await readFile(agent.path), order));
  });
  return { path, contentKey };
};

/**
 * An image whose init only prints `mpath-bare-init ready` on the console and powers off.
 * @throws LMP-803, LMP-804, LMP-810, LMP-811
 */
export const buildBareImage = async (options: BuildOptions): Promise<BuiltImage> => {
  const cacheDir = resolve(options.cacheDir);
  const init = await buildBareInit(options);
  const contentKey = sha256('bare', `${IMAGE_VERSION}.${NEWC_WRITER_VERSION}`, basename(init.path));
  const path = join(cacheDir, 'images', `${contentKey.slice(0, 24)}.cpio`);
  await place(cacheDir, path, async () => writeNewc(imageEntries(await readFile(init.path), [])));
  return { path, contentKey };
};
