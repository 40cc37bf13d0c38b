// SPDX-License-Identifier: GPL-2.0-only
import {
  dev_notice,
  ida_alloc,
  ida_free,
  kfn,
  kfree,
  kzalloc,
  list_add_tail,
  list_first_entry_or_null,
  list_next_or_null,
  mutex_lock,
  mutex_unlock,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import { tpgsOf, type scsi_device } from '../environment/scsi-device.js';
import { scsi_vpd_lun_id } from '../environment/vpd-fetch.js';
import { cString } from '../environment/vpd-lun-id.js';
import { class_device_add } from './class-device.js';
import { scsi_mpath_device_groups } from './head-attributes.js';
import { scsi_mpath_head_release, scsi_mpath_put_head } from './head-reference.js';
import { scsi_mpath_device } from './scsi-mpath-device.js';
import { scsi_mpath_head } from './scsi-mpath-head.js';
import type { Template } from './template.js';

/**
 * Kernel: scsi_mpath_find_head(), v3. Context: `scsi_mpath_heads_lock` held.
 * References: one on what is found.
 */
const scsi_mpath_find_head = kfn(
  'scsi_mpath_find_head',
  function* (template: Template, vpd_id: string): Steps<scsi_mpath_head | null> {
    const { scsi_mpath_heads_list: list } = template.globals;
    const put = (head: scsi_mpath_head): Steps<void> => scsi_mpath_put_head(template, head);
    let head = yield* list_first_entry_or_null(list);
    for (; head !== null; head = yield* list_next_or_null(list, head.entry)) {
      if (yield* template.parts.get_head_if(head, vpd_id, put)) return head;
    }
    return null;
  },
);

/**
 * Kernel: scsi_mpath_alloc_head(), v3. Context: may sleep. References: one, for whom it is made for.
 * @returns null: no memory
 */
const scsi_mpath_alloc_head = kfn(
  'scsi_mpath_alloc_head',
  function* ({ lib, globals, parts, naming, made }: Template, vpd_id: string): Steps<scsi_mpath_head | null> {
    const index = yield* ida_alloc(globals.scsi_multipath_dev_ida);
    const { multipath_iopolicy, scsi_mpath_device_class } = globals;
    const begun = yield* lib.begin_head();
    if (begun === null) {
      yield* ida_free(globals.scsi_multipath_dev_ida, index);
      return null;
    }
    const head = yield* kzalloc(
      () => new scsi_mpath_head(begun, index, vpd_id, multipath_iopolicy.value, scsi_mpath_device_class),
    );
    made.push(head);
    if ((yield* lib.init_head(head.mpath_head, head)) !== 0) {
      yield* ida_free(globals.scsi_multipath_dev_ida, index);
      yield* kfree(head);
      return null;
    }
    head.dev.release = () => scsi_mpath_head_release({ lib, globals, parts }, head);
    head.dev.groups = scsi_mpath_device_groups(lib, head, naming.id);
    head.dev.name = naming.device(index);
    return head;
  },
);

/** The head with this identification, or a new one. @returns null: no memory for one; or -errno */
function* find_or_add(template: Template, vpd_id: string): Steps<scsi_mpath_head | null | number> {
  const { scsi_mpath_heads_lock: lock, scsi_mpath_heads_list: list } = template.globals;
  yield* mutex_lock(lock);
  let head = yield* scsi_mpath_find_head(template, vpd_id);
  let error = 0;
  if (head === null) {
    head = yield* scsi_mpath_alloc_head(template, vpd_id);
    error = head === null ? 0 : yield* class_device_add(head.dev);
    if (head !== null && error === 0) yield* list_add_tail(head.entry, list);
  }
  yield* mutex_unlock(lock);
  if (head === null || error === 0) return head;
  yield* scsi_mpath_put_head(template, head);
  return error;
}

/** Kernel: scsi_multipath_sdev_uninit(), v3. */
function* uninit(sdev: scsi_device): Steps<void> {
  yield* kfree(sdev.scsi_mpath_dev);
  yield* store(sdev, 'scsi_mpath_dev', null);
}

/**
 * Makes the device a path, if multipath is on and the device says who it is. `access_state` of the path is
 * written here (make_path()) and nowhere else.
 * Kernel: scsi_mpath_dev_alloc(), v3. Context: may sleep. @returns 0, or -errno: the device is to vanish
 */
export const scsi_mpath_dev_alloc = kfn(
  'scsi_mpath_dev_alloc',
  function* (template: Template, sdev: scsi_device): Steps<number> {
    const { lib, globals } = template;
    if (globals.multipath === 'off') return 0;
    if (globals.multipath === 'on' && tpgsOf(sdev.inquiry) === 0) return 0;
    const path = yield* kzalloc(() => new scsi_mpath_device(lib, sdev));
    template.made.push(path);
    sdev.scsi_mpath_dev = path;
    const { size, buffer } = yield* scsi_vpd_lun_id(sdev);
    const head = size < 0 ? null : yield* find_or_add(template, cString(buffer));
    if (head instanceof scsi_mpath_head) {
      path.index = yield* ida_alloc(head.ida);
      path.scsi_mpath_head = head;
      return 0;
    }
    if (size >= 0 && head === null) {
      dev_notice(sdev, 'could not allocate multipath head, device multipathing disabled');
    }
    yield* uninit(sdev);
    return head ?? 0;
  },
);

/** Kernel: scsi_mpath_dev_release(), v3. Context: any. */
export const scsi_mpath_dev_release = kfn('scsi_mpath_dev_release', function* (sdev: scsi_device): Steps<void> {
  if (sdev.scsi_mpath_dev !== null) yield* uninit(sdev);
});
