// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../machine.js';
import { modulesOf, type module } from '../module/module.js';
import type { Report } from '../report.js';
import { found } from './found.js';

/**
 * Modules that have other references at the end of a run than the program accounts for, so that they
 * can never be unloaded, or can be too early. References by modules that use them are known.
 * In order of creation; class `module`.
 * @param expected references that somebody still holds, e.g. one for each open file; absent: 0
 */
export const unbalancedModules = (machine: Machine, expected: ReadonlyMap<module, number> = new Map()): Report[] => {
  const modules = modulesOf(machine).filter(({ state }) => state !== 'gone');
  return modules.flatMap((mod) => {
    const users = modules.filter(({ uses }) => uses.includes(mod)).length;
    const wanted = users + (expected.get(mod) ?? 0);
    if (mod.refcnt === wanted) return [];
    const message = `WARNING: module ${mod.name} has ${String(mod.refcnt)} references, expected ${String(wanted)}`;
    return [found('module', message, mod, [])];
  });
};
