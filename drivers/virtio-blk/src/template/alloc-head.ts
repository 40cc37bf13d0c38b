// SPDX-License-Identifier: GPL-2.0-only
import {
  cleanup_srcu_struct,
  device_add,
  device_del,
  get_capacity,
  ida_alloc,
  ida_free,
  in_module,
  init_srcu_struct,
  kfn,
  kfree,
  kref_get,
  list_add_tail,
  set_capacity,
  type Steps,
} from '@libmultipath/driver-kit';
import type { virtio_blk } from '../environment/virtio-blk.js';
import { head_groups } from './attributes.js';
import type { TemplateDriver } from './driver.js';
import { virtio_mpath_head } from './paths-and-heads.js';

/**
 * A head for a serial that had none. The library needs `mpdt`, `iopolicy`, `parent`, `disk_groups` and
 * `drv_module` before it is asked for the disk; the memory was zeroed.
 * Context: may sleep, the driver's lock held.
 * References: one for the path that it is made for, one for the multipath disk.
 * @returns the head or -errno
 */
export const virtio_mpath_alloc_head = kfn(
  'virtio_mpath_alloc_head',
  function* (driver: TemplateDriver, vblk: virtio_blk, serial: string): Steps<virtio_mpath_head | number> {
    const { lib, globals, mpdt } = driver;
    const head = new virtio_mpath_head(lib, serial, yield* ida_alloc(globals.ida));
    globals.remember(head);
    const { mpath_head } = head;
    yield* init_srcu_struct(head.clones);
    const { this_module } = driver.core();
    let error = yield* in_module(this_module, 'virtio_mpath_alloc_head', lib.mpath_head_init(mpath_head));
    if (error === 0) {
      mpath_head.mpdt = mpdt;
      mpath_head.iopolicy = head.iopolicy;
      mpath_head.parent = head.dev;
      mpath_head.disk_groups = head_groups(lib, head);
      // Without it nothing holds the module while a removal is pending.
      if (!driver.without.has('drv_module')) mpath_head.drv_module = this_module;
      yield* device_add(head.dev);
      error = yield* lib.mpath_alloc_head_disk(mpath_head, vblk.disk.node_id);
      if (error !== 0) {
        yield* device_del(head.dev);
        yield* lib.mpath_put_head(mpath_head);
      }
    }
    const { disk } = mpath_head;
    if (error !== 0 || disk === null) {
      yield* cleanup_srcu_struct(head.clones);
      yield* ida_free(globals.ida, head.index);
      yield* kfree(head);
      return error;
    }
    disk.disk_name = `vdm${String(head.index)}`;
    yield* set_capacity(disk, yield* get_capacity(vblk.disk));
    yield* kref_get(head.ref);
    yield* list_add_tail(head.entry, globals.heads);
    return head;
  },
);
