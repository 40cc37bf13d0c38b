// SPDX-License-Identifier: GPL-2.0-only
import type {
  atomic_t,
  attribute_group,
  bio_list,
  device,
  gendisk,
  HeadView,
  KObject,
  module,
  mpath_iopolicy,
  mpath_iopolicy_e,
  spinlock_t,
  Steps,
  work_struct,
} from '@libmultipath/driver-kit';
import type { scsi_mpath_device } from './scsi-mpath-device.js';
import type { scsi_mpath_head } from './scsi-mpath-head.js';

/** The library's `struct mpath_device`, of whatever revision, as far as the driver looks into it. */
export interface LibraryPath extends KObject {
  disk: gendisk | null;
}

/** The library's `struct mpath_head`, of whatever revision, as far as the driver looks into it. */
export interface LibraryHead extends KObject {
  readonly requeue_list: bio_list;
  readonly requeue_lock: spinlock_t;
  readonly requeue_work: work_struct | null;
}

/** What a multipath disk is allocated with. */
export interface DiskOwner {
  readonly parent: device;
  readonly drv_module: module;
  readonly disk_groups: readonly attribute_group[];
}

/**
 * The library as this driver calls it: functions of v3 by their names, in v3's form; what an older revision
 * has otherwise is said in `library-v1.ts` and `library-v2.ts`. (Methods, since each revision's own
 * structures stand where {@link LibraryHead} and {@link LibraryPath} do.)
 */
export interface ScsiLibrary {
  readonly revision: string;
  mpath_init(): void;
  readonly mpath_attr_group: attribute_group;

  /** Before the driver's head is made: what the library has to have for it. null: no memory */
  begin_head(): Steps<((owner: scsi_mpath_head) => LibraryHead) | null>;
  /** After: 0 or -errno. `template` is the driver's own, of the library's revision. */
  init_head(head: LibraryHead, owner: scsi_mpath_head): Steps<number>;
  /** The driver's head goes, and `free` frees it. Context: may sleep. */
  release_head(head: LibraryHead, free: () => Steps<void>): Steps<void>;
  owner_of(head: LibraryHead): KObject | null | undefined;
  make_path(owner: scsi_mpath_device): LibraryPath;

  mpath_alloc_head_disk(head: LibraryHead, owner: DiskOwner, node: number): Steps<number>;
  /** The multipath disk of the head, perhaps one that was put. */
  disk_of(head: LibraryHead): Steps<gendisk | null>;
  /** As properties and the standard battery see it. */
  view(head: LibraryHead): HeadView;
  mpath_put_disk(head: LibraryHead): Steps<void>;
  mpath_remove_disk(head: LibraryHead): Steps<void>;

  mpath_add_device(path: LibraryPath, head: LibraryHead, disk: gendisk, node: number, active: atomic_t): Steps<void>;
  mpath_device_set_live(path: LibraryPath): Steps<void>;
  mpath_delete_device(path: LibraryPath): Steps<unknown>;
  mpath_clear_current_path(path: LibraryPath): Steps<boolean>;
  mpath_clear_paths(head: LibraryHead): Steps<void>;
  mpath_synchronize(head: LibraryHead): Steps<void>;
  mpath_schedule_requeue_work(head: LibraryHead): Steps<void>;
  /** `mpath_head` of a path that was added. */
  head_of(path: LibraryPath): Steps<LibraryHead | null>;

  mpath_can_remove_head(head: LibraryHead): Steps<boolean>;
  mpath_delayed_removal_secs_show(head: LibraryHead): Steps<string>;
  mpath_delayed_removal_secs_store(head: LibraryHead, buf: string): Steps<number>;

  mpath_remove_sysfs_link(path: LibraryPath): Steps<void>;
  /** Writes a policy's name; the paths are forgotten and what waits is kicked. @returns bytes taken or -EINVAL */
  store_iopolicy(head: LibraryHead, iopolicy: mpath_iopolicy, buf: string): Steps<number>;
  mpath_iopolicy_show(iopolicy: mpath_iopolicy): Steps<string>;
  mpath_qd_iopolicy(iopolicy: mpath_iopolicy): Steps<boolean>;
  mpath_set_iopolicy(val: string | null, iopolicy: mpath_iopolicy): Steps<number>;
  mpath_get_iopolicy(value: mpath_iopolicy_e): string;
  mpath_numa_nodes_show(path: LibraryPath): Steps<string>;
}
