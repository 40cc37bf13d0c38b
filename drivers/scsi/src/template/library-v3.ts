// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  load,
  viewOfHead,
  MPATH_STATE_OPTIMIZED,
  type LibV3,
  type mpath_device,
  type mpath_head,
  type mpath_head_template,
  type mpath_iopolicy,
  type Steps,
} from '@libmultipath/driver-kit';
import type { ScsiLibrary } from './library.js';
import type { scsi_mpath_head } from './scsi-mpath-head.js';

/**
 * Every choice is forgotten and what waits is tried again, also when the policy is what it was.
 * Part of scsi_mpath_device_iopolicy_store(), v2 and v3.
 */
const store_iopolicy = (lib: LibV3) =>
  function* (head: mpath_head, iopolicy: mpath_iopolicy, buf: string): Steps<number> {
    if (!(yield* lib.mpath_iopolicy_store(iopolicy, buf))) return -E.EINVAL;
    yield* lib.mpath_clear_paths(head);
    yield* lib.mpath_schedule_requeue_work(head);
    return buf.length;
  };

/** v3, and what is made of its parts. The head is embedded in the driver's. */
export const libraryV3 = (lib: LibV3, mpdt: () => mpath_head_template): ScsiLibrary => ({
  ...lib,
  *begin_head() {
    return (owner) => new lib.mpath_head(owner);
  },
  *init_head(head: mpath_head, owner: scsi_mpath_head) {
    const error = yield* lib.mpath_head_init(head);
    if (error !== 0) return error;
    head.mpdt = mpdt();
    head.iopolicy = owner.iopolicy;
    return 0;
  },
  release_head: (head: mpath_head, free) => lib.mpath_head_uninit(head, free),
  owner_of: (head) => head.container,
  make_path(owner) {
    const path = new lib.mpath_device(owner);
    path.access_state = MPATH_STATE_OPTIMIZED;
    return path;
  },
  *mpath_alloc_head_disk(head: mpath_head, { parent, drv_module, disk_groups }, node) {
    head.parent = parent;
    head.drv_module = drv_module;
    head.disk_groups = disk_groups;
    return yield* lib.mpath_alloc_head_disk(head, node);
  },
  disk_of: (head: mpath_head) => load(head, 'disk'),
  view: (head: mpath_head) => viewOfHead(head, head.disk),
  head_of: (path: mpath_device) => load(path, 'mpath_head'),
  store_iopolicy: store_iopolicy(lib),
  mpath_add_device: lib.mpath_add_device,
});
