// SPDX-License-Identifier: GPL-2.0-only
import { dev_err, set_bit, type gendisk, type Steps } from '@libmultipath/kernel';
import { MPATH_HEAD_CDEV_LIVE } from '../constants.js';
import { make_device_set_live } from '../disk/device-set-live.js';
import { callbacks } from '../structures/null-pointer.js';
import type { mpath_device, mpath_head } from './structures.js';
import { number_from } from '../structures/ask.js';

/** Remembers whether there is a char device; without one the disk stays. Kernel: `mpath_head_add_cdev()`, v3 patch 07. */
function* make_cdev(head: mpath_head, disk: gendisk): Steps<void> {
  const { add_cdev } = callbacks(head);
  if (add_cdev === undefined) return;
  if ((yield* number_from('add_cdev', add_cdev(head))) === 0) yield* set_bit(MPATH_HEAD_CDEV_LIVE, head, 'flags');
  else dev_err(disk, 'Unable to create the cdev');
}

/**
 * Kernel: `mpath_device_set_live()`, v3 patches 02 to 08.
 * Mainline: `nvme_mpath_set_live()`.
 */
export const make_set_live = (scan: (head: mpath_head, node: number) => Steps<mpath_device | null>) =>
  make_device_set_live<mpath_device, mpath_head>({ scan, make_cdev });
