// SPDX-License-Identifier: GPL-2.0-only
import { list_entries, type Property } from '@libmultipath/kernel';
import type { HeadsOf } from './parked-bios.js';

/** At rest, what is cached in `current_path` is on the list: the removal protocol has cleared what it unlinked. */
export const cachedPathsAreListed = ({ heads }: Pick<HeadsOf, 'heads'>): Property => ({
  name: 'a cached path is on the list once the removal protocol ended',
  class: 'stale-state',
  when: 'settled',
  check: (machine) => {
    for (const { object, paths, currentPath } of heads(machine)) {
      if (object.alloc.freed) continue;
      const listed = new Set<unknown>(list_entries(paths));
      const node = currentPath.findIndex((dev) => dev !== null && !listed.has(dev));
      if (node === -1) continue;
      return `${object.label}.current_path[${String(node)}] is ${String(currentPath[node]?.label)}, which is off the list`;
    }
    return undefined;
  },
});
