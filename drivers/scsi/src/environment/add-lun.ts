// SPDX-License-Identifier: GPL-2.0-only
import {
  device_add,
  dev_info,
  get_device,
  kfn,
  kfree,
  kzalloc,
  list_add_tail,
  list_del,
  load,
  mutex_lock,
  mutex_unlock,
  put_device,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import { sdev_attributes } from './attributes.js';
import { latin1, slice } from './bytes.js';
import { scsi_device_set_state, set_state_locked } from './device-state.js';
import { SDEV_BLOCK, SDEV_DEL, SDEV_RUNNING } from './device-states.js';
import { scsi_dh_add_device, scsi_dh_release_device } from './dh.js';
import { scsi_execute_cmd } from './execute.js';
import type { LunNexus } from './hardware/lun-nexus.js';
import { inquiry } from './opcodes.js';
import { scsi_device } from './scsi-device.js';
import { STARGET_CREATED, STARGET_RUNNING, type scsi_target } from './scsi-target.js';
import { sd_probe } from './sd/sd-probe.js';
import { free_page, scsi_attach_vpd } from './vpd-fetch.js';

const INQUIRY_LENGTH = 96;

/** Last reference of the device. Kernel: scsi_device_dev_release(), all versions. Context: may sleep. */
const scsi_device_dev_release = kfn('scsi_device_dev_release', function* (sdev: scsi_device): Steps<void> {
  const { host, sdev_target } = sdev;
  yield* scsi_dh_release_device(sdev);
  yield* sdev.core.mpath.dev_release(sdev);
  yield* spin_lock_irqsave(host.host_lock);
  yield* list_del(sdev.siblings);
  yield* spin_unlock_irqrestore(host.host_lock);
  for (const page of [sdev.vpd_pg0, sdev.vpd_pg83, sdev.vpd_pg80]) yield* free_page(page);
  yield* kfree(sdev);
  yield* put_device(sdev_target.dev);
});

/** Kernel: scsi_alloc_sdev(), all versions. References: the device holds one on its target. */
const scsi_alloc_sdev = kfn(
  'scsi_alloc_sdev',
  function* (starget: scsi_target, lun: number, nexus: LunNexus): Steps<scsi_device> {
    const { host } = starget;
    const sdev = yield* kzalloc(() => new scsi_device(starget, lun, nexus));
    sdev.sdev_gendev.release = () => scsi_device_dev_release(sdev);
    // The class device holds a reference on the device, as scsi_device_cls_release() drops one.
    sdev.sdev_dev.release = () => put_device(sdev.sdev_gendev);
    yield* get_device(starget.dev);
    yield* get_device(sdev.sdev_gendev);
    yield* spin_lock_irqsave(host.host_lock);
    yield* list_add_tail(sdev.siblings, host.__devices);
    yield* spin_unlock_irqrestore(host.host_lock);
    return sdev;
  },
);

/** Kernel: scsi_target_add(), all versions. */
function* scsi_target_add(starget: scsi_target): Steps<void> {
  if ((yield* load(starget, 'state')) !== STARGET_CREATED) return;
  yield* device_add(starget.dev);
  yield* store(starget, 'state', STARGET_RUNNING);
}

/**
 * The handler comes before the device can be seen; adding it binds its driver.
 * Kernel: scsi_sysfs_add_sdev(), all versions. Context: may sleep. @returns 0 or -errno
 */
const scsi_sysfs_add_sdev = kfn('scsi_sysfs_add_sdev', function* (sdev: scsi_device): Steps<number> {
  yield* scsi_target_add(sdev.sdev_target);
  yield* scsi_dh_add_device(sdev);
  sdev.sdev_gendev.groups = [sdev_attributes(sdev)];
  const error = yield* device_add(sdev.sdev_gendev);
  if (error !== 0) return error;
  yield* mutex_lock(sdev.device_mutex);
  yield* sd_probe(sdev);
  yield* mutex_unlock(sdev.device_mutex);
  yield* device_add(sdev.sdev_dev);
  yield* store(sdev, 'is_visible', true);
  yield* sdev.core.mpath.add_sysfs_link(sdev);
  return 0;
});

/** A device that came to nothing. */
function* forget(sdev: scsi_device): Steps<void> {
  yield* set_state_locked(sdev, SDEV_DEL);
  yield* put_device(sdev.sdev_dev);
  yield* put_device(sdev.sdev_gendev);
}

const describe = (sdev: scsi_device): void => {
  const text = (at: number, length: number) => latin1(slice(sdev.inquiry, at, length));
  const kind = sdev.type === 0 ? 'Direct-Access    ' : `Unknown`;
  dev_info(sdev, `${kind} ${text(8, 8)} ${text(16, 16)} ${text(32, 4)} PQ: 0`);
};

/**
 * Running, with its pages; then perhaps a path of a head; then visible.
 * Kernel: scsi_add_lun(), all versions. Context: may sleep, the host's `scan_mutex` held.
 * @returns 0, or -errno: the device is to vanish
 */
const scsi_add_lun = kfn('scsi_add_lun', function* (sdev: scsi_device): Steps<number> {
  describe(sdev);
  yield* mutex_lock(sdev.state_mutex);
  let error = yield* scsi_device_set_state(sdev, SDEV_RUNNING);
  if (error !== 0) error = yield* scsi_device_set_state(sdev, SDEV_BLOCK);
  yield* mutex_unlock(sdev.state_mutex);
  if (error !== 0) return error;
  yield* scsi_attach_vpd(sdev);
  error = yield* sdev.core.mpath.dev_alloc(sdev);
  return error === 0 ? yield* scsi_sysfs_add_sdev(sdev) : error;
});

/**
 * Asks for the standard data, and adds the device if there is one.
 * Kernel: scsi_probe_and_add_lun(), all versions. Context: may sleep, the host's `scan_mutex` held.
 * @returns null: no device (SCSI_SCAN_NO_RESPONSE)
 */
export const scsi_probe_and_add_lun = kfn(
  'scsi_probe_and_add_lun',
  function* (starget: scsi_target, lun: number, nexus: LunNexus): Steps<scsi_device | null> {
    const sdev = yield* scsi_alloc_sdev(starget, lun, nexus);
    const { result, data } = yield* scsi_execute_cmd(sdev, inquiry(INQUIRY_LENGTH), { timeoutS: 20, retries: 3 });
    sdev.inquiry = data;
    if (result === 0 && (yield* scsi_add_lun(sdev)) === 0) return sdev;
    yield* forget(sdev);
    return null;
  },
);
