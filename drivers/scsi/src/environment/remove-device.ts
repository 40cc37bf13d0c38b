// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_freeze_queue_start,
  blk_mq_freeze_queue_wait,
  cancel_delayed_work_sync,
  device_del,
  kfn,
  list_del_init,
  load,
  makeStep,
  mutex_lock,
  mutex_unlock,
  put_device,
  READ_ONCE,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_device_set_state, scsi_start_queue, set_state_locked } from './device-state.js';
import { SDEV_CANCEL, SDEV_DEL } from './device-states.js';
import type { scsi_device } from './scsi-device.js';
import type { scsi_queue } from './scsi-queue.js';
import { STARGET_RUNNING, type scsi_target } from './scsi-target.js';
import { sd_remove } from './sd/sd-probe.js';
import { devices_of } from './shost-devices.js';

/** No request is taken any more, and none is left. Kernel: blk_mq_destroy_queue(), all versions. */
const blk_mq_destroy_queue = kfn('blk_mq_destroy_queue', function* (q: scsi_queue): Steps<void> {
  yield makeStep('blk_queue_dying', q, 'q_usage_counter', 'update', { ordering: 'full' });
  q.destroyed = true;
  // Its disk is dead (GD_DEAD) for good, so whoever waits to enter gets an error.
  q.dying = true;
  yield* blk_freeze_queue_start(q);
  yield* blk_mq_freeze_queue_wait(q);
  yield* cancel_delayed_work_sync(q.requeue_work);
  yield* cancel_delayed_work_sync(q.run_work);
});

/** CANCEL, or straight to DEL when the device is blocked: then what waits fails at once. */
function* begin(sdev: scsi_device): Steps<number> {
  yield* mutex_lock(sdev.state_mutex);
  let error = yield* scsi_device_set_state(sdev, SDEV_CANCEL);
  if (error !== 0) {
    error = yield* scsi_device_set_state(sdev, SDEV_DEL);
    if (error === 0) yield* scsi_start_queue(sdev);
  }
  yield* mutex_unlock(sdev.state_mutex);
  return error;
}

/** The device's driver lets go of it. Kernel: device_del() of a bound device. */
function* unbind(sdev: scsi_device): Steps<void> {
  yield* mutex_lock(sdev.device_mutex);
  yield* sd_remove(sdev);
  yield* mutex_unlock(sdev.device_mutex);
  yield* device_del(sdev.sdev_gendev);
}

/** A target whose devices are all gone leaves. Kernel: scsi_target_reap(), all versions. */
const scsi_target_reap = kfn('scsi_target_reap', function* (starget: scsi_target): Steps<void> {
  const { host } = starget;
  const others = (yield* devices_of(host)).filter((sdev) => sdev.sdev_target === starget);
  for (const sdev of others) if ((yield* READ_ONCE(sdev, 'sdev_state')) !== SDEV_DEL) return;
  yield* spin_lock_irqsave(host.host_lock);
  yield* list_del_init(starget.siblings);
  yield* spin_unlock_irqrestore(host.host_lock);
  if ((yield* load(starget, 'state')) === STARGET_RUNNING) yield* device_del(starget.dev);
});

/**
 * Kernel: __scsi_remove_device(), all versions. Context: may sleep, the host's `scan_mutex` held.
 * A second call, and a call in a state that cannot be left so, does nothing.
 */
export const __scsi_remove_device = kfn('__scsi_remove_device', function* (sdev: scsi_device): Steps<void> {
  if ((yield* load(sdev, 'sdev_state')) === SDEV_DEL) return;
  const { mpath } = sdev.core;
  if (yield* load(sdev, 'is_visible')) {
    if ((yield* begin(sdev)) !== 0) return;
    yield* mpath.remove_sysfs_link(sdev);
    yield* device_del(sdev.sdev_dev);
    yield* put_device(sdev.sdev_dev);
    yield* unbind(sdev);
  } else {
    yield* put_device(sdev.sdev_dev);
  }
  yield* mpath.remove_device(sdev);
  yield* set_state_locked(sdev, SDEV_DEL);
  yield* blk_mq_destroy_queue(sdev.request_queue);
  yield* scsi_target_reap(sdev.sdev_target);
  // Perhaps the last reference.
  yield* put_device(sdev.sdev_gendev);
});

/** Kernel: scsi_remove_device(), all versions. Context: may sleep. */
export const scsi_remove_device = kfn('scsi_remove_device', function* (sdev: scsi_device): Steps<void> {
  const { host } = sdev;
  yield* mutex_lock(host.scan_mutex);
  yield* __scsi_remove_device(sdev);
  yield* mutex_unlock(host.scan_mutex);
});
