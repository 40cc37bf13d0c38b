// SPDX-License-Identifier: GPL-2.0-only
import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { release as hostRelease } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readRelease } from './bzimage.js';
import { errnoName } from './cache-guard.js';
import { vmImagesErrors } from './errors.js';
import { parseBuiltin, type Kernel } from './kernel.js';
import { isModuleFile } from './module-file.js';
import { compareReleases } from './release-order.js';
import { filesBelow, sha256, sha256OfFile } from './tree.js';

const there = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

const isModulesDir = async (dir: string): Promise<boolean> =>
  (await there(join(dir, 'modules.builtin'))) || (await there(join(dir, 'kernel')));

/** The directory itself, or the place in it where `make modules_install` puts a release. */
const findModules = async (given: string, release: string): Promise<string> => {
  const places = [
    given,
    join(given, release),
    join(given, 'lib/modules', release),
    join(given, 'usr/lib/modules', release),
  ];
  for (const dir of places) {
    if (await isModulesDir(dir)) return dir;
  }
  throw vmImagesErrors.fail('LMP-809', {
    message: `modules of ${release} are expected: modules.builtin, or a directory called kernel`,
    where: given,
    todo: 'give the directory that make modules_install made, or the build tree',
  });
};

/** A bzImage that still lies in its build tree has its modules there. */
const buildTreeOf = async (vmlinuz: string): Promise<string | undefined> => {
  const tree = /^(.*)\/arch\/[^/]+\/boot\/bzImage$/.exec(vmlinuz)?.[1];
  return tree !== undefined && (await there(join(tree, 'modules.builtin'))) ? tree : undefined;
};

/** Sizes and times stand for the content: hashing a build tree would take longer than a boot. */
const fingerprint = async (dir: string): Promise<string> => {
  const lines: string[] = [];
  for (const path of await filesBelow(dir, (name) => isModuleFile(name) || name === 'modules.builtin')) {
    const { size, mtimeMs } = await stat(join(dir, path));
    lines.push(`${path} ${size} ${mtimeMs}`);
  }
  return sha256(dir, lines.join('\n'));
};

const builtinOf = async (modulesDir: string): Promise<ReadonlySet<string>> => {
  try {
    return parseBuiltin(await readFile(join(modulesDir, 'modules.builtin'), 'utf8'));
  } catch (error) {
    if (errnoName(error) === 'ENOENT') return new Set();
    throw error;
  }
};

/**
 * @throws LMP-805 no bzImage, LMP-809 not readable, or no modules where they should be.
 */
export const pathKernel = async (vmlinuz: string, modulesDir?: string, name?: string): Promise<Kernel> => {
  const vmlinuzPath = resolve(vmlinuz);
  const release = await readRelease(vmlinuzPath);
  const found =
    modulesDir === undefined ? await buildTreeOf(vmlinuzPath) : await findModules(resolve(modulesDir), release);
  const imageKey = await sha256OfFile(vmlinuzPath);
  return {
    name: name ?? release,
    release,
    vmlinuzPath,
    ...(found === undefined ? {} : { modulesDir: found }),
    builtin: found === undefined ? new Set<string>() : await builtinOf(found),
    contentKey: sha256(imageKey, found === undefined ? '' : await fingerprint(found)),
  };
};

/**
 * The kernel this machine runs.
 * @throws LMP-809 its image is not on this machine (containers and some virtual machines).
 */
export const hostKernel = async (release: string = hostRelease(), root = '/'): Promise<Kernel> => {
  const places = [
    join(root, 'boot', `vmlinuz-${release}`),
    join(root, 'lib/modules', release, 'vmlinuz'),
    join(root, 'usr/lib/modules', release, 'vmlinuz'),
  ];
  for (const path of places) {
    if (!(await there(path))) continue;
    const modules = join(root, 'lib/modules', release);
    return pathKernel(path, (await isModulesDir(modules)) ? modules : undefined, 'host');
  }
  throw vmImagesErrors.fail('LMP-809', {
    message: `the image of the running kernel ${release} is expected, readable, in ${places.map(dirname).join(' or ')}`,
    where: '--kernel host',
    todo: 'choose a kernel by name (mpath vm list), or give --kernel path/to/bzImage',
  });
};

const namesIn = async (dir: string): Promise<readonly string[]> => {
  try {
    return await readdir(dir);
  } catch (error) {
    if (errnoName(error) === 'ENOENT') return [];
    throw error;
  }
};

/** Releases whose image lies where a system keeps it. */
const releasesBelow = async (root: string): Promise<readonly string[]> => {
  const inBoot = (await namesIn(join(root, 'boot'))).flatMap((name) => /^vmlinuz-(\d.*)$/.exec(name)?.[1] ?? []);
  const withModules: string[] = [];
  for (const dir of ['lib/modules', 'usr/lib/modules']) {
    for (const release of await namesIn(join(root, dir))) {
      if (await there(join(root, dir, release, 'vmlinuz'))) withModules.push(release);
    }
  }
  return [...new Set([...inBoot, ...withModules])];
};

/**
 * The kernel of a system that lies below a directory: the one that this machine runs, where it is there, otherwise the
 * newest.
 * @throws LMP-809 there is none
 */
export const kernelBelow = async (root: string, running: string = hostRelease()): Promise<Kernel> => {
  const releases = await releasesBelow(root);
  const newest = releases.toSorted(compareReleases).at(-1);
  if (newest !== undefined) return hostKernel(releases.includes(running) ? running : newest, root);
  throw vmImagesErrors.fail('LMP-809', {
    message: 'expected boot/vmlinuz-RELEASE or lib/modules/RELEASE/vmlinuz, found neither',
    where: root,
    todo: 'give the directory that holds boot and lib of a system, as --kernel host:DIR',
  });
};
