// SPDX-License-Identifier: GPL-2.0-only
import { bio_list_entries, list_entries, type KObject, type Machine, type Property } from '@libmultipath/kernel';
import type { HeadView } from './head-view.js';

/** The heads of a program that are to be looked at, and what its driver knows of their paths. */
export interface HeadsOf {
  readonly heads: (machine: Machine) => readonly HeadView[];
  /** Would the path take a bio now? No steps: it looks at a machine that has come to rest. */
  readonly isUsable: (machine: Machine, dev: KObject) => boolean;
}

/**
 * Nothing is parked for ever: at rest, a bio waits on a head only while no path is usable
 * and the disk is live. Whoever changes one of the two has to kick, and to be seen by it.
 */
export const nothingParkedForEver = ({ heads, isUsable }: HeadsOf): Property => ({
  name: 'nothing is parked while a path is usable or the disk is dead',
  class: 'lost-io',
  when: 'settled',
  check: (machine) => {
    for (const { object, live, parked, paths } of heads(machine)) {
      if (object.alloc.freed) continue;
      const waiting = bio_list_entries(parked).length;
      const usable = list_entries(paths).find((dev) => isUsable(machine, dev));
      if (waiting === 0 || (live && usable === undefined)) continue;
      const why = usable === undefined ? 'its disk is dead' : `${usable.label} is usable`;
      return `lost I/O: ${String(waiting)} bio${waiting === 1 ? '' : 's'} parked on ${object.label} while ${why}, and nobody is left to kick`;
    }
    return undefined;
  },
});
