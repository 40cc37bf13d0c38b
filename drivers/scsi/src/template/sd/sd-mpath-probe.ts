// SPDX-License-Identifier: GPL-2.0-only
import {
  checkPointer,
  GENHD_FL_HIDDEN,
  ida_alloc,
  ida_free,
  kfn,
  kfree,
  kzalloc,
  list_add_tail,
  load,
  mutex_lock,
  mutex_unlock,
  put_device,
  store,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_core } from '../../environment/scsi-core.js';
import type { scsi_disk } from '../../environment/sd/scsi-disk.js';
import { sd_format_disk_name } from '../../environment/sd/disk-name.js';
import { class_device_add } from '../class-device.js';
import { scsi_mpath_get_head, scsi_mpath_put_head } from '../head-reference.js';
import { scsi_mpath_dev_of } from '../scsi-mpath-device.js';
import type { scsi_mpath_head } from '../scsi-mpath-head.js';
import type { ScsiLibrary } from '../library.js';
import type { Template } from '../template.js';
import { sd_mpath_find_disk } from './find-disk.js';
import { sd_mpath_disk } from './sd-mpath-disk.js';

/** Last reference. Kernel: sd_mpath_disk_release(), v3. Context: may sleep. References: drops that on the head. */
const sd_mpath_disk_release = kfn(
  'sd_mpath_disk_release',
  function* (template: Template, core: scsi_core, disk: sd_mpath_disk): Steps<void> {
    const { scsi_mpath_head } = disk;
    yield* template.lib.mpath_put_disk(scsi_mpath_head.mpath_head);
    yield* ida_free(core.sd_index_ida, disk.disk_index);
    yield* template.parts.old_disk.is_put(scsi_mpath_head);
    yield* scsi_mpath_put_head(template, scsi_mpath_head);
    yield* kfree(disk);
  },
);

/** The head gets a gendisk; one that it had before is forgotten. @returns the disk or -errno */
function* alloc_disk(
  template: Template,
  core: scsi_core,
  head: scsi_mpath_head,
  node: number,
): Steps<sd_mpath_disk | number> {
  const { lib, globals, naming } = template;
  const { mpath_head } = head;
  const disk = yield* kzalloc(() => new sd_mpath_disk(head, globals.scsi_mpath_disk_class));
  template.made.push(disk);
  disk.dev.name = naming.disk(head.index);
  const owner = { parent: disk.dev, drv_module: core.sd_mod, disk_groups: naming.disk_groups(lib, mpath_head) };
  const error = yield* lib.mpath_alloc_head_disk(mpath_head, owner, node);
  if (error !== 0) {
    yield* kfree(disk);
    return error;
  }
  disk.disk_index = yield* ida_alloc(core.sd_index_ida);
  const gd = yield* lib.disk_of(mpath_head);
  if (gd !== null) gd.disk_name = sd_format_disk_name(disk.disk_index);
  disk.dev.release = () => sd_mpath_disk_release(template, core, disk);
  yield* scsi_mpath_get_head(head);
  return disk;
}

/** Adds a disk for the head. Context: `sd_mpath_disks_lock` held. @returns the disk or -errno */
function* add_disk(
  template: Template,
  core: scsi_core,
  head: scsi_mpath_head,
  node: number,
): Steps<sd_mpath_disk | number> {
  const disk = yield* alloc_disk(template, core, head, node);
  if (typeof disk === 'number') return disk;
  const error = yield* class_device_add(disk.dev);
  if (error !== 0) {
    yield* put_device(disk.dev);
    return error;
  }
  yield* list_add_tail(disk.entry, template.globals.sd_mpath_disks_list);
  yield* store(disk, 'disk_count', 1);
  return disk;
}

/**
 * The disk of the head that is listed; null: there is none, and none that somebody still works with.
 * Context: `sd_mpath_disks_lock` held, and perhaps dropped meanwhile. References: one on what is found.
 */
function* find_disk({ parts, globals }: Template, head: scsi_mpath_head): Steps<sd_mpath_disk | null> {
  for (;;) {
    const disk = yield* sd_mpath_find_disk(globals, head);
    if (disk !== null || !(yield* parts.old_disk.is_leaving(head))) return disk;
    yield* mutex_unlock(globals.sd_mpath_disks_lock);
    yield* parts.old_disk.wait(head);
    yield* mutex_lock(globals.sd_mpath_disks_lock);
  }
}

/** The path's own disk is hidden, and called after the head's. */
function* name_path(lib: ScsiLibrary, path: gendisk, head: scsi_mpath_head, index: number): Steps<void> {
  const { disk_name } = checkPointer(yield* lib.disk_of(head.mpath_head), 'disk_name');
  path.flags |= GENHD_FL_HIDDEN;
  path.disk_name = `${disk_name}:${String(index)}`;
}

/**
 * A path comes to the disk of its head, or brings it.
 * Kernel: sd_mpath_probe(), v3. Context: may sleep, the device's lock held.
 * References: one on the disk. @returns 1 multipathed, 0 not, or -errno
 */
export const sd_mpath_probe = kfn('sd_mpath_probe', function* (template: Template, sdkp: scsi_disk): Steps<number> {
  const { globals } = template;
  const { core, host } = sdkp.device;
  const path = scsi_mpath_dev_of(sdkp.device);
  if (path === null) return 0;
  const head = checkPointer(yield* load(path, 'scsi_mpath_head'), 'mpath_head');
  yield* mutex_lock(globals.sd_mpath_disks_lock);
  const found = yield* find_disk(template, head);
  if (found !== null) yield* store(found, 'disk_count', (yield* load(found, 'disk_count')) + 1);
  const disk = found ?? (yield* add_disk(template, core, head, host.numa_node));
  if (typeof disk !== 'number') yield* name_path(template.lib, sdkp.disk, head, path.index);
  yield* mutex_unlock(globals.sd_mpath_disks_lock);
  if (typeof disk === 'number') return disk;
  yield* store(sdkp, 'sd_mpath_disk', disk);
  return 1;
});
