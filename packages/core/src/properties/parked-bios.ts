// SPDX-License-Identifier: GPL-2.0-only
import { bio_list_entries, list_entries, type Machine, type Property } from '@libmultipath/kernel';
import { MPATH_HEAD_DISK_LIVE } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/** The heads of a program that are to be looked at, and what its driver knows of their paths. */
export interface HeadsOf<D extends mpath_device_base> {
  readonly heads: (machine: Machine) => readonly mpath_head_base<D>[];
  /** Would the path take a bio now? No steps: it looks at a machine that has come to rest. */
  readonly isUsable: (dev: D) => boolean;
}

const isLive = ({ flags }: { readonly flags: number }): boolean => (flags & (1 << MPATH_HEAD_DISK_LIVE)) !== 0;

/**
 * Nothing is parked for ever: at rest, a bio waits on a head only while no path is usable
 * and the disk is live. Whoever changes one of the two has to kick, and to be seen by it.
 */
export const nothingParkedForEver = <D extends mpath_device_base>({ heads, isUsable }: HeadsOf<D>): Property => ({
  name: 'nothing is parked while a path is usable or the disk is dead',
  class: 'lost-io',
  check: (machine) => {
    for (const head of heads(machine)) {
      if (head.alloc.freed) continue;
      const parked = bio_list_entries(head.requeue_list).length;
      const usable = list_entries(head.dev_list).find(isUsable);
      if (parked === 0 || (isLive(head) && usable === undefined)) continue;
      const why = usable === undefined ? 'its disk is dead' : `${usable.label} is usable`;
      return `lost I/O: ${String(parked)} bio${parked === 1 ? '' : 's'} parked on ${head.label} while ${why}, and nobody is left to kick`;
    }
    return undefined;
  },
});
