// SPDX-License-Identifier: GPL-2.0-only
import { list_entries, type Property } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { HeadsOf } from './parked-bios.js';

/** At rest, what is cached in `current_path` is on the list: the removal protocol has cleared what it unlinked. */
export const cachedPathsAreListed = <D extends mpath_device_base>({ heads }: Pick<HeadsOf<D>, 'heads'>): Property => ({
  name: 'a cached path is on the list once the removal protocol ended',
  class: 'stale-state',
  check: (machine) => {
    for (const head of heads(machine)) {
      if (head.alloc.freed) continue;
      const listed = new Set<unknown>(list_entries(head.dev_list));
      const node = head.current_path.findIndex((dev) => dev !== null && !listed.has(dev));
      if (node === -1) continue;
      return `${head.label}.current_path[${String(node)}] is ${String(head.current_path[node]?.label)}, which is off the list`;
    }
    return undefined;
  },
});
