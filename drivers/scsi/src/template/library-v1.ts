// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kblockd_schedule_work,
  load,
  READ_ONCE,
  store,
  viewOfHead,
  type device,
  type gendisk,
  type LibV1,
  type mpath_iopolicy,
  type Steps,
  type v1,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { LibraryHead, ScsiLibrary } from './library.js';
import { scsi_mpath_device } from './scsi-mpath-device.js';
import { scsi_mpath_head } from './scsi-mpath-head.js';

const lost = (what: string): never => {
  throw errors.fail('LMP-250', { message: what, todo: 'report this' });
};

/** Owner of a head of v1: its `drvdata`. */
export const ownerOf = ({ drvdata, label }: v1.mpath_head): scsi_mpath_head =>
  drvdata instanceof scsi_mpath_head ? drvdata : lost(`${label} is of no scsi_mpath_head`);

/** A path of v1 does not know its head; the driver's path does. */
const pathOf = ({ container, label }: v1.mpath_device): scsi_mpath_device =>
  container instanceof scsi_mpath_device ? container : lost(`${label} is embedded in no scsi_mpath_device`);

function* diskOf(lib: LibV1, head: v1.mpath_head): Steps<v1.mpath_disk> {
  const disk = yield* load(ownerOf(head), 'mpath_disk');
  return disk instanceof lib.mpath_disk ? disk : lost(`${head.label} has no mpath_disk`);
}

/** The head is handed to the disk, which puts it when it goes; the driver keeps a reference of its own. */
function* allocDisk(lib: LibV1, head: v1.mpath_head, parent: device, node: number): Steps<number> {
  const disk = yield* lib.mpath_alloc_head_disk(node);
  if (disk === null) return -E.ENOMEM;
  yield* lib.mpath_get_head(head);
  yield* store(disk, 'mpath_head', head);
  disk.parent = parent;
  yield* store(ownerOf(head), 'mpath_disk', disk);
  return 0;
}

/**
 * v1: head and disk are memory of the library, each counted; a path knows neither. SCSI has no delayed
 * removal, so the last path always takes the disk.
 */
export const libraryV1 = (lib: LibV1, mpdt: () => v1.mpath_head_template): ScsiLibrary => {
  function* headOf(path: v1.mpath_device): Steps<v1.mpath_head | null> {
    const owner = yield* load(pathOf(path), 'scsi_mpath_head');
    return owner?.mpath_head instanceof lib.mpath_head ? owner.mpath_head : null;
  }
  function* withHead<T>(path: v1.mpath_device, none: T, body: (head: v1.mpath_head) => Steps<T>): Steps<T> {
    const head = yield* headOf(path);
    return head === null ? none : yield* body(head);
  }
  return {
    ...lib,
    *begin_head() {
      const head = yield* lib.mpath_alloc_head();
      if (typeof head === 'number') return null;
      return (owner): LibraryHead => {
        head.drvdata = owner;
        return head;
      };
    },
    *init_head(head: v1.mpath_head) {
      head.mpdt = mpdt();
      return 0;
    },
    *release_head(head: v1.mpath_head, free) {
      yield* lib.mpath_put_head(head);
      yield* free();
    },
    owner_of: (head: v1.mpath_head) => head.drvdata,
    make_path: (owner) => new lib.mpath_device(owner),
    mpath_alloc_head_disk: (head: v1.mpath_head, { parent }, node) => allocDisk(lib, head, parent, node),
    *disk_of(head: v1.mpath_head): Steps<gendisk | null> {
      const disk = yield* load(ownerOf(head), 'mpath_disk');
      return disk instanceof lib.mpath_disk ? yield* load(disk, 'disk') : null;
    },
    view: (head: v1.mpath_head) => {
      const { drvdata } = head;
      const disk = drvdata instanceof scsi_mpath_head ? drvdata.mpath_disk : null;
      return viewOfHead(head, disk instanceof lib.mpath_disk && !disk.alloc.freed ? disk.disk : null);
    },
    *mpath_put_disk(head: v1.mpath_head) {
      yield* lib.mpath_put_disk(yield* diskOf(lib, head));
    },
    *mpath_remove_disk(head: v1.mpath_head) {
      yield* lib.mpath_remove_disk(yield* diskOf(lib, head));
    },
    *mpath_add_device(path: v1.mpath_device, head: v1.mpath_head, disk: gendisk, node: number) {
      yield* store(path, 'disk', disk);
      yield* store(path, 'numa_node', node);
      yield* lib.mpath_add_device(head, path);
    },
    *mpath_device_set_live(path: v1.mpath_device): Steps<void> {
      const head = yield* headOf(path);
      if (head !== null) yield* lib.mpath_device_set_live(yield* diskOf(lib, head), path);
    },
    mpath_delete_device: (path: v1.mpath_device) =>
      withHead<void>(path, undefined, (head) => lib.mpath_delete_device(head, path)),
    *mpath_clear_current_path(path: v1.mpath_device) {
      return yield* lib.mpath_clear_current_path(yield* headOf(path), path);
    },
    // Exported in v1, which has no function that schedules it.
    *mpath_schedule_requeue_work(head: v1.mpath_head): Steps<void> {
      yield* kblockd_schedule_work(head.requeue_work);
    },
    head_of: headOf,
    *mpath_can_remove_head() {
      return true;
    },
    *mpath_remove_sysfs_link(path: v1.mpath_device): Steps<void> {
      const head = yield* headOf(path);
      if (head !== null) yield* lib.mpath_remove_sysfs_link(yield* diskOf(lib, head), path);
    },
    store_iopolicy: (head: v1.mpath_head, iopolicy: mpath_iopolicy, buf: string) =>
      lib.mpath_iopolicy_store(iopolicy, buf, (of: v1.mpath_head) => lib.mpath_clear_paths(of), head),
    mpath_numa_nodes_show: (path: v1.mpath_device) =>
      withHead(path, '', (head) => lib.mpath_numa_nodes_show(head, path, ownerOf(head).iopolicy)),
  };
};

/** The policy of a head. Kernel: scsi_mpath_get_iopolicy(), v1. Context: any. */
export function* scsi_mpath_get_iopolicy(head: v1.mpath_head): Steps<0 | 1 | 2> {
  return yield* READ_ONCE(ownerOf(head).iopolicy, 'value');
}
