// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  load,
  MPATH_STATE_OPTIMIZED,
  store,
  viewOfHead,
  type gendisk,
  type LibV2,
  type mpath_iopolicy,
  type Steps,
  type v2,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { ScsiLibrary } from './library.js';
import { scsi_mpath_head } from './scsi-mpath-head.js';

const ownerOf = ({ drvdata, label }: v2.mpath_head): scsi_mpath_head => {
  if (drvdata instanceof scsi_mpath_head) return drvdata;
  throw errors.fail('LMP-250', { message: `${label} is of no scsi_mpath_head`, todo: 'report this' });
};

/** v2: the head is the library's own memory, and goes with its last reference, an opener's perhaps. */
export const libraryV2 = (lib: LibV2, mpdt: () => v2.mpath_head_template): ScsiLibrary => ({
  ...lib,
  *begin_head() {
    const head = yield* lib.mpath_alloc_head();
    if (typeof head === 'number') return null;
    return (owner) => {
      head.drvdata = owner;
      return head;
    };
  },
  *init_head(head: v2.mpath_head) {
    head.mpdt = mpdt();
    return 0;
  },
  *release_head(head: v2.mpath_head, free) {
    yield* lib.mpath_put_head(head);
    yield* free();
  },
  owner_of: (head: v2.mpath_head) => head.drvdata,
  make_path(owner) {
    const path = new lib.mpath_device(owner);
    path.access_state = MPATH_STATE_OPTIMIZED;
    return path;
  },
  *mpath_alloc_head_disk(head: v2.mpath_head, { parent, drv_module, disk_groups }, node) {
    head.parent = parent;
    head.drv_module = drv_module;
    head.disk_groups = disk_groups;
    return yield* lib.mpath_alloc_head_disk(head, node);
  },
  disk_of: (head: v2.mpath_head) => load(head, 'disk'),
  view: (head: v2.mpath_head) => viewOfHead(head, head.disk),
  head_of: (path: v2.mpath_device) => load(path, 'mpath_head'),
  *mpath_add_device(path: v2.mpath_device, head: v2.mpath_head, disk: gendisk, node: number): Steps<void> {
    yield* store(path, 'disk', disk);
    yield* store(path, 'numa_node', node);
    yield* lib.mpath_add_device(head, path);
  },
  *store_iopolicy(head: v2.mpath_head, iopolicy: mpath_iopolicy, buf: string) {
    if (!(yield* lib.mpath_iopolicy_store(iopolicy, buf))) return -E.EINVAL;
    yield* lib.mpath_clear_paths(head);
    yield* lib.mpath_schedule_requeue_work(head);
    return buf.length;
  },
  *mpath_numa_nodes_show(path: v2.mpath_device) {
    const head = yield* load(path, 'mpath_head');
    return head === null ? '' : yield* lib.mpath_numa_nodes_show(path, ownerOf(head).iopolicy);
  },
});
