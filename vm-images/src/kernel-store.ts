// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoName, inCache } from './cache-guard.js';
import { parseBuiltin, type Kernel } from './kernel.js';
import { compareReleases } from './release-order.js';
import { filesBelow, sha256, sha256OfFile } from './tree.js';
import { withWorkspace } from './workspace.js';

/** Of what a cached kernel's marker says. */
export const STORE_SCHEMA = 'libmultipath.kernel/1';
const MARKER = 'kernel.json';

/** Written last into an entry: an entry without it was never finished. */
export interface KernelMarker {
  readonly schema: typeof STORE_SCHEMA;
  readonly name: string;
  readonly release: string;
  readonly contentKey: string;
  readonly packages: readonly { readonly name: string; readonly version: string; readonly sha256: string }[];
  /** Path in the entry → size and checksum. */
  readonly files: Readonly<Record<string, { readonly sizeBytes: number; readonly sha256: string }>>;
}

export interface StoredKernel {
  readonly dir: string;
  readonly marker: KernelMarker;
}

const kernelsDir = (cacheDir: string): string => join(cacheDir, 'kernels');

const isMarker = (value: unknown): value is KernelMarker =>
  typeof value === 'object' &&
  value !== null &&
  'schema' in value &&
  value.schema === STORE_SCHEMA &&
  ['name', 'release', 'contentKey', 'packages', 'files'].every((key) => key in value);

const readMarker = async (dir: string): Promise<KernelMarker | undefined> => {
  try {
    const value: unknown = JSON.parse(await readFile(join(dir, MARKER), 'utf8'));
    return isMarker(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The first file of an entry that is not as it was stored, undefined when all are. The cheap
 * look compares sizes, the full one checksums.
 */
export const damageOf = async ({ dir, marker }: StoredKernel, full: boolean): Promise<string | undefined> => {
  for (const [path, expected] of Object.entries(marker.files)) {
    const found = await stat(join(dir, path)).catch(() => undefined);
    if (found?.size !== expected.sizeBytes) return path;
    if (full && (await sha256OfFile(join(dir, path))) !== expected.sha256) return path;
  }
  return undefined;
};

/** Finished entries of this name, newest release first. */
export const storedKernels = async (cacheDir: string, name: string): Promise<StoredKernel[]> => {
  const dirs = await inCache(cacheDir, () =>
    readdir(kernelsDir(cacheDir)).catch((error: unknown) => {
      if (errnoName(error) === 'ENOENT') return [];
      throw error;
    }),
  );
  const entries: StoredKernel[] = [];
  for (const each of dirs.filter((dir) => dir.startsWith(`${name}-`))) {
    const dir = join(kernelsDir(cacheDir), each);
    const marker = await readMarker(dir);
    if (marker?.name === name) entries.push({ dir, marker });
  }
  return entries.toSorted((a, b) => compareReleases(b.marker.release, a.marker.release));
};

/** Takes an entry out of use at once, then removes it: who still boots from it keeps its open files. */
export const discardKernel = (cacheDir: string, { dir }: StoredKernel): Promise<void> =>
  withWorkspace(cacheDir, async (work) => {
    await rename(dir, join(work, 'discarded')).catch((error: unknown) => {
      if (errnoName(error) !== 'ENOENT') throw error;
    });
  });

/**
 * Moves a complete tree (`vmlinuz`, `modules/`) into the cache. Where another process was
 * faster, its entry is used.
 */
export const storeKernel = async (
  cacheDir: string,
  tree: string,
  about: Pick<KernelMarker, 'name' | 'release' | 'packages'>,
): Promise<StoredKernel> => {
  const files: Record<string, { sizeBytes: number; sha256: string }> = {};
  for (const path of await filesBelow(tree)) {
    const full = join(tree, path);
    files[path] = { sizeBytes: (await stat(full)).size, sha256: await sha256OfFile(full) };
  }
  const contentKey = sha256(STORE_SCHEMA, about.release, JSON.stringify(files));
  const marker: KernelMarker = { schema: STORE_SCHEMA, ...about, contentKey, files };
  const dir = join(kernelsDir(cacheDir), `${about.name}-${contentKey.slice(0, 16)}`);
  await inCache(cacheDir, async () => {
    await writeFile(join(tree, MARKER), `${JSON.stringify(marker, undefined, 1)}\n`);
    await mkdir(dirname(dir), { recursive: true });
    await placeTree(tree, dir);
  });
  return { dir, marker };
};

const placeTree = async (tree: string, dir: string): Promise<void> => {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(tree, dir);
      return;
    } catch (error) {
      const errno = errnoName(error);
      if ((errno !== 'ENOTEMPTY' && errno !== 'EEXIST') || attempt > 0) throw error;
      const there = await readMarker(dir);
      if (there !== undefined && (await damageOf({ dir, marker: there }, false)) === undefined) return;
      await rm(dir, { recursive: true, force: true });
    }
  }
};

export const kernelOf = async ({ dir, marker }: StoredKernel): Promise<Kernel> => {
  const modulesDir = join(dir, 'modules');
  return {
    name: marker.name,
    release: marker.release,
    vmlinuzPath: join(dir, 'vmlinuz'),
    modulesDir,
    builtin: parseBuiltin(await readFile(join(modulesDir, 'modules.builtin'), 'utf8')),
    contentKey: marker.contentKey,
  };
};
