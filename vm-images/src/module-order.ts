// SPDX-License-Identifier: GPL-2.0-only
import { basename, join } from 'node:path';
import { nearest } from '@libmultipath/errors';
import { vmImagesErrors } from './errors.js';
import { moduleName, type Kernel } from './kernel.js';
import { elfSection, parseModinfo, type ModuleInfo } from './modinfo.js';
import { isModuleFile, moduleStem, readModule } from './module-file.js';
import { filesBelow } from './tree.js';

export interface LoadedModule {
  /** With `_` for `-`. */
  readonly name: string;
  /** Uncompressed. */
  readonly content: Buffer;
}

/** Where modules come from: names in, files out. Tests give their own. */
export interface ModuleSource {
  readonly builtin: ReadonlySet<string>;
  readonly known: Iterable<string>;
  /** undefined where there is no such module. */
  readonly read: (name: string) => Promise<{ content: Buffer; info: ModuleInfo } | undefined>;
  /** For messages. */
  readonly where: string;
}

const missing = (source: ModuleSource, name: string, neededBy: string | undefined): Error => {
  const near = nearest(name, source.known);
  const because = neededBy === undefined ? '' : `, which ${neededBy} needs,`;
  const maybe = near.length === 0 ? '' : `; near it: ${near.join(', ')}`;
  return vmImagesErrors.fail('LMP-806', {
    message: `module ${name}${because} is neither built in nor among the modules${maybe}`,
    where: source.where,
    todo: 'choose a kernel that has it, or say where its modules are with --modules dir',
  });
};

/**
 * The modules to load for `wanted`, each after those it depends on; what is built in counts as there.
 * @throws LMP-806 one is missing, LMP-812 one cannot be read.
 */
export const moduleOrder = async (source: ModuleSource, wanted: readonly string[]): Promise<LoadedModule[]> => {
  const order: LoadedModule[] = [];
  const entered = new Set<string>();
  const visit = async (name: string, neededBy: string | undefined, soft: boolean): Promise<void> => {
    if (source.builtin.has(name) || entered.has(name)) return;
    const module = await source.read(name);
    if (module === undefined) {
      if (soft) return;
      throw missing(source, name, neededBy);
    }
    // Before its dependencies: a soft dependency may point back.
    entered.add(name);
    for (const each of module.info.softBefore) await visit(each, name, true);
    for (const each of module.info.depends) await visit(each, name, false);
    order.push({ name, content: module.content });
    for (const each of module.info.softAfter) await visit(each, name, true);
  };
  for (const name of wanted) await visit(moduleName(name), undefined, false);
  return order;
};

/** The modules of a kernel on disk. */
export const modulesOnDisk = async (kernel: Kernel): Promise<ModuleSource> => {
  const { modulesDir } = kernel;
  const paths = new Map<string, string>();
  if (modulesDir !== undefined) {
    for (const path of await filesBelow(modulesDir, isModuleFile)) {
      paths.set(moduleName(moduleStem(basename(path))), join(modulesDir, path));
    }
  }
  return {
    builtin: kernel.builtin,
    known: paths.keys(),
    where: modulesDir ?? `${kernel.vmlinuzPath} (no modules directory)`,
    read: async (name) => {
      const path = paths.get(name);
      if (path === undefined) return undefined;
      const content = await readModule(path);
      const section = elfSection(content, '.modinfo');
      if (section === undefined) {
        throw vmImagesErrors.fail('LMP-812', {
          message: 'a 64-bit ELF object with a .modinfo section is expected',
          where: path,
          todo: 'install or build the modules again',
        });
      }
      return { content, info: parseModinfo(section) };
    },
  };
};
