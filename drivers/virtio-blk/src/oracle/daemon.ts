// SPDX-License-Identifier: GPL-2.0-only
import type { DmGroups, mapped_device } from '@libmultipath/dm-multipath';
import { KObject, type gendisk } from '@libmultipath/driver-kit';

/** What user space knows: the state of a small multipathd. */
export class Daemon extends KObject {
  /** The multipath device, from the first disk on. */
  md: mapped_device | null = null;
  /** Disks that are there, in the order in which they came. */
  readonly disks: gendisk[] = [];
  delaySecs = 0;
  policy: 'numa' | 'round-robin' = 'numa';

  /**
   * The priority groups of a table. Without nodes the library's policy numa stays on the first path until it
   * fails, as one group for each path does; round-robin is one group of all.
   */
  groups(): DmGroups {
    const paths = this.disks.map((disk) => ({ disk }));
    return this.policy === 'numa' ? paths.map((path) => [path]) : [paths];
  }
}
