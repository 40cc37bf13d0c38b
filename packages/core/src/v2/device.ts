// SPDX-License-Identifier: GPL-2.0-only
import { kfn, module_put, store, type Steps } from '@libmultipath/kernel';
import { append_path, call_off_removal } from '../paths/dev-list.js';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * Makes the path selectable, as the driver has filled it in, and calls off a pending delayed removal.
 * Kernel: `mpath_add_device()`, v2 patches 05 and 07. Context: may sleep.
 * References: drops the module reference of the removal it called off.
 * Mainline: `nvme_init_ns_head()`, its last part.
 */
export const mpath_add_device = kfn('mpath_add_device', function* (head: mpath_head, dev: mpath_device): Steps<void> {
  yield* store(dev, 'mpath_head', head);
  yield* append_path(dev, head);
  if (yield* call_off_removal(head)) yield* module_put(head.drv_module);
});
