// SPDX-License-Identifier: GPL-2.0-only
import { KObject, list_head, NUMA_NO_NODE, type gendisk } from '@libmultipath/kernel';

/**
 * What `struct mpath_device` has in every revision. Storage belongs to the driver, which
 * embeds it; the library counts no reference on it. Source: patches 02, 03 and 08 of v1 to v3.
 */
export abstract class mpath_device_base extends KObject {
  /** Link in the head's `dev_list`: RCU list under the head's SRCU. */
  readonly siblings = new list_head<this>(this);
  /** The hidden per-path disk. */
  disk: gendisk | null = null;
  /** `MPATH_DEVICE_*` bits; not initialised by the library. */
  flags = 0;
  numa_node: number = NUMA_NO_NODE;
}
