// SPDX-License-Identifier: GPL-2.0-only
import {
  checkPointer,
  dev_warn,
  kfn,
  list_del_init,
  load,
  mutex_lock,
  mutex_unlock,
  put_device,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_disk } from '../../environment/sd/scsi-disk.js';
import { class_device_del } from '../class-device.js';
import type { LibraryPath } from '../library.js';
import { scsi_mpath_dev_of } from '../scsi-mpath-device.js';
import type { scsi_mpath_head } from '../scsi-mpath-head.js';
import type { Template } from '../template.js';
import { sd_mpath_find_disk } from './find-disk.js';
import { sd_mpath_disk_of, type sd_mpath_disk } from './sd-mpath-disk.js';

type Remover = Pick<Template, 'lib' | 'parts' | 'globals'>;

/** One path less. @param may_go asked when it was the last one @returns true: nobody finds the disk any more */
function* count_down({ parts, globals }: Remover, disk: sd_mpath_disk, may_go: () => Steps<boolean>): Steps<boolean> {
  let remove = false;
  yield* mutex_lock(globals.sd_mpath_disks_lock);
  const left = (yield* load(disk, 'disk_count')) - 1;
  yield* store(disk, 'disk_count', left);
  if (left === 0 && (yield* may_go())) {
    yield* list_del_init(disk.entry);
    yield* parts.old_disk.leaves(disk.scsi_mpath_head);
    remove = true;
  }
  yield* mutex_unlock(globals.sd_mpath_disks_lock);
  return remove;
}

/** The path has no disk; the multipath disk goes with the last path. References: drops the path's on the disk. */
function* leave({ lib }: Remover, disk: sd_mpath_disk, dev: LibraryPath, remove: boolean): Steps<void> {
  yield* store(dev, 'disk', null);
  if (remove) {
    yield* class_device_del(disk.dev);
    yield* lib.mpath_remove_disk(disk.scsi_mpath_head.mpath_head);
  }
  yield* put_device(disk.dev);
}

/**
 * A path leaves. After the unlink there is no grace period.
 * Kernel: sd_mpath_remove(), v3. Context: may sleep, the device's lock held.
 */
export const sd_mpath_remove = kfn('sd_mpath_remove', function* (user: Remover, sdkp: scsi_disk): Steps<void> {
  const { lib, parts } = user;
  const path = scsi_mpath_dev_of(sdkp.device);
  if (path === null) return;
  const disk = checkPointer(yield* sd_mpath_disk_of(sdkp), 'scsi_mpath_head');
  const { mpath_device } = path;
  const { mpath_head } = disk.scsi_mpath_head;
  yield* lib.mpath_synchronize(mpath_head);
  if (yield* lib.mpath_clear_current_path(mpath_device)) yield* lib.mpath_synchronize(mpath_head);
  yield* lib.mpath_delete_device(mpath_device);
  yield* parts.after_unlink(lib, mpath_head, mpath_device);
  const remove = yield* count_down(user, disk, () => lib.mpath_can_remove_head(mpath_head));
  yield* lib.mpath_remove_sysfs_link(mpath_device);
  yield* leave(user, disk, mpath_device, remove);
});

/** A probe that failed: nobody asks whether the removal is to be delayed. Kernel: sd_mpath_fail_probe(), v3. Context: may sleep. */
export const sd_mpath_fail_probe = kfn('sd_mpath_fail_probe', function* (user: Remover, sdkp: scsi_disk): Steps<void> {
  const disk = yield* sd_mpath_disk_of(sdkp);
  if (disk === null) return;
  const { mpath_device } = checkPointer(scsi_mpath_dev_of(sdkp.device), 'mpath_device');
  const { mpath_head } = disk.scsi_mpath_head;
  const remove = yield* count_down(user, disk, () => user.parts.may_go_after_failed_probe(user.lib, mpath_head));
  yield* leave(user, disk, mpath_device, remove);
});

/**
 * The time of a delayed removal is over.
 * Kernel: sd_mpath_remove_head(), v3, by scsi_mpath_remove_head_work(), callback `remove_head`: sd is the only
 * driver on the bus that has one. Context: `mpath-wq`, no lock held.
 */
export const sd_mpath_remove_head = kfn(
  'sd_mpath_remove_head',
  function* ({ lib, parts, globals }: Remover, head: scsi_mpath_head): Steps<void> {
    yield* mutex_lock(globals.sd_mpath_disks_lock);
    const disk = yield* sd_mpath_find_disk(globals, head);
    if (disk === null) dev_warn(head.dev, 'could not find mpath disk');
    const remove = disk !== null && parts.may_remove_disk(disk);
    if (disk !== null && remove) {
      yield* list_del_init(disk.entry);
      yield* parts.old_disk.leaves(head);
    }
    yield* mutex_unlock(globals.sd_mpath_disks_lock);
    if (disk === null) return;
    if (remove) {
      yield* class_device_del(disk.dev);
      yield* lib.mpath_remove_disk(head.mpath_head);
    }
    yield* put_device(disk.dev);
  },
);
