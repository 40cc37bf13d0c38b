// SPDX-License-Identifier: GPL-2.0-only
import { kfn, module_put, store, type atomic_t, type gendisk, type Steps } from '@libmultipath/kernel';
import { append_path, call_off_removal } from '../paths/dev-list.js';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * Makes the path selectable, with whatever `access_state` it holds, and calls off a
 * pending delayed removal.
 *
 * Kernel: `mpath_add_device()`, v3 patches 05 and 06. Context: may sleep.
 * References: drops the module reference of the removal it called off.
 * Mainline: `nvme_init_ns_head()`, its last part.
 */
export const mpath_add_device = kfn(
  'mpath_add_device',
  function* (
    dev: mpath_device,
    head: mpath_head,
    disk: gendisk | null,
    numa_node: number,
    nr_active: atomic_t,
  ): Steps<void> {
    yield* store(dev, 'mpath_head', head);
    yield* store(dev, 'disk', disk);
    yield* store(dev, 'numa_node', numa_node);
    yield* store(dev, 'nr_active', nr_active);
    yield* append_path(dev, head);
    if (yield* call_off_removal(head)) yield* module_put(head.drv_module);
  },
);
