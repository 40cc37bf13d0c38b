// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { debianArchive } from './apt-sources.js';
import { readRelease } from './bzimage.js';
import { noSpaceLeft } from './cache-guard.js';
import { vmImagesErrors } from './errors.js';
import type { Progress } from './kernel.js';
import type { KernelEntry } from './kernels.js';
import { storeKernel, type StoredKernel } from './kernel-store.js';
import { openPrivateApt, type DebianPackage, type PrivateApt } from './private-apt.js';
import { compareReleases } from './release-order.js';
import { lastLines, runTool } from './run-tool.js';
import { sha256OfFile } from './tree.js';
import { withWorkspace } from './workspace.js';

const IMAGE = 'linux-image-';
const PACKAGES_MAX = 16;
const RELEASES_MAX = 8;

/** The releases among the package names of a suite that an entry means, newest first. */
const releasesOf = (entry: KernelEntry, packageNames: readonly string[]): string[] =>
  packageNames
    .filter((name) => entry.packagePattern.test(name))
    .map((name) => name.slice(IMAGE.length))
    .toSorted((a, b) => compareReleases(b, a));

/**
 * The packages that hold a release: the image package and what it depends on of the same
 * release. Up to 6.18 that is one package; from 6.19 the image package is empty and its
 * dependencies hold kernel, modules and lists. An archive that keeps signed packages of an older
 * release may have dropped what they depend on: then the release is not whole.
 */
const packagesOf = async (
  release: string,
  show: (name: string) => Promise<DebianPackage | undefined>,
): Promise<{ readonly packages: DebianPackage[]; readonly gone: readonly string[] }> => {
  const gone: string[] = [];
  const found = new Map<string, DebianPackage>();
  const waiting = [`${IMAGE}${release}`];
  for (let name = waiting.pop(); name !== undefined && found.size < PACKAGES_MAX; name = waiting.pop()) {
    if (found.has(name)) continue;
    const about = await show(name);
    if (about === undefined) {
      gone.push(name);
      continue;
    }
    found.set(name, about);
    waiting.push(...about.depends.filter((each) => each.startsWith('linux-') && each.endsWith(`-${release}`)));
  }
  return { packages: [...found.values()], gone };
};

const unexpected = (release: string, message: string): Error =>
  vmImagesErrors.fail('LMP-808', {
    message,
    where: `packages of ${release}`,
    todo: 'run it again; if it stays so, give --kernel path/to/bzImage --modules dir',
  });

const firstThere = async (paths: readonly string[]): Promise<string | undefined> => {
  for (const path of paths) {
    if ((await stat(path).catch(() => undefined)) !== undefined) return path;
  }
  return undefined;
};

/** Checks each archive file against the signed index once more, then unpacks it. */
const unpack = async (
  debs: string,
  packages: readonly DebianPackage[],
  root: string,
  release: string,
): Promise<void> => {
  const expected = new Set(packages.map((each) => each.sha256));
  for (const file of (await readdir(debs)).filter((name) => name.endsWith('.deb'))) {
    const path = join(debs, file);
    if (!expected.delete(await sha256OfFile(path)))
      throw unexpected(release, `${file} has not the checksum of the index`);
    const result = await runTool('dpkg-deb', ['-x', path, root], { timeoutMs: 300_000, debianPackage: 'dpkg' });
    if (/No space left on device/i.test(result.stderr)) throw noSpaceLeft(lastLines(result.stderr));
    if (result.failed) throw unexpected(release, `dpkg-deb could not unpack ${file}: ${lastLines(result.stderr)}`);
  }
  if (expected.size > 0)
    throw unexpected(release, `${expected.size} of ${packages.length} packages were not downloaded`);
};

/** Moves kernel and modules of an unpacked tree to the places they have in the cache. */
export const arrange = async (root: string, tree: string, release: string): Promise<void> => {
  const modules = await firstThere([join(root, 'usr/lib/modules', release), join(root, 'lib/modules', release)]);
  const vmlinuz = await firstThere([
    join(root, 'boot', `vmlinuz-${release}`),
    join(root, 'usr/lib/modules', release, 'vmlinuz'),
    join(root, 'lib/modules', release, 'vmlinuz'),
  ]);
  if (vmlinuz === undefined) throw unexpected(release, 'no vmlinuz is in them');
  if (modules === undefined) throw unexpected(release, 'no modules directory is in them');
  await mkdir(tree);
  await rename(vmlinuz, join(tree, 'vmlinuz'));
  await rename(modules, join(tree, 'modules'));
  if ((await firstThere([join(tree, 'modules', 'modules.builtin')])) === undefined) {
    throw unexpected(release, 'no modules.builtin is in them');
  }
  const said = await readRelease(join(tree, 'vmlinuz'));
  if (said !== release) throw unexpected(release, `their kernel says that it is ${said}`);
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const choose = async (entry: KernelEntry, apt: PrivateApt): Promise<{ release: string; packages: DebianPackage[] }> => {
  let why = `no package of ${entry.suite} matches ${entry.packagePattern.source}`;
  const releases = releasesOf(entry, await apt.packageNames(IMAGE)).slice(0, RELEASES_MAX);
  for (const [nth, release] of releases.entries()) {
    const { packages, gone } = await packagesOf(release, apt.show);
    if (gone.length === 0) return { release, packages };
    if (nth === 0)
      why = `${release} is not whole in ${entry.suite}, it lacks ${[...new Set(gone)].toSorted().join(', ')}`;
  }
  throw vmImagesErrors.fail('LMP-813', {
    message: why,
    where: `kernel ${entry.name}`,
    todo: 'choose another kernel (mpath vm list), or give --kernel path/to/bzImage',
  });
};

/**
 * Fetches what the archive holds of this entry today into the cache.
 * @throws LMP-801 to LMP-804, LMP-807, LMP-808, LMP-813
 */
export const fetchKernel = async (cacheDir: string, entry: KernelEntry, progress: Progress): Promise<StoredKernel> => {
  const archive = await debianArchive();
  return withWorkspace(cacheDir, async (work) => {
    progress(`kernel ${entry.name}: reading the index of ${entry.suite}`);
    await mkdir(join(work, 'apt'));
    const apt = await openPrivateApt(join(work, 'apt'), archive, entry.suite);
    const { release, packages } = await choose(entry, apt);
    const sizeBytes = packages.reduce((sum, each) => sum + each.sizeBytes, 0);
    progress(`kernel ${entry.name}: downloading ${release}, ${packages.length} packages, ${megabytes(sizeBytes)}`);
    await mkdir(join(work, 'debs'));
    await apt.download(packages, join(work, 'debs'));
    progress(`kernel ${entry.name}: unpacking ${release}`);
    await mkdir(join(work, 'root'));
    await unpack(join(work, 'debs'), packages, join(work, 'root'), release);
    await arrange(join(work, 'root'), join(work, 'tree'), release);
    return storeKernel(cacheDir, join(work, 'tree'), {
      name: entry.name,
      release,
      packages: packages.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
    });
  });
};
