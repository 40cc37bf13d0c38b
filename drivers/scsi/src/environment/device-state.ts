// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kfn,
  load,
  makeStep,
  mutex_lock,
  mutex_unlock,
  store,
  synchronize_rcu,
  WRITE_ONCE,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  isLegalDeviceMove,
  SDEV_BLOCK,
  SDEV_CANCEL,
  SDEV_CREATED,
  SDEV_CREATED_BLOCK,
  SDEV_OFFLINE,
  SDEV_RUNNING,
  SDEV_TRANSPORT_OFFLINE,
} from './device-states.js';
import { blk_mq_quiesce_queue_nowait, blk_mq_unquiesce_queue } from './mq-lists.js';
import type { scsi_device } from './scsi-device.js';

/**
 * Kernel: scsi_device_set_state(), all versions. Context: any; `state_mutex` held where it can be slept.
 * @returns 0, or -EINVAL when the move is not legal; nothing is changed then
 */
export const scsi_device_set_state = kfn(
  'scsi_device_set_state',
  function* (sdev: scsi_device, state: number): Steps<number> {
    const oldstate = yield* load(sdev, 'sdev_state');
    if (state === oldstate) return 0;
    if (!isLegalDeviceMove(oldstate, state)) return -E.EINVAL;
    yield* store(sdev, 'offline_already', false);
    yield* WRITE_ONCE(sdev, 'sdev_state', state);
    return 0;
  },
);

/** The same under the mutex, as process context does it. */
export function* set_state_locked(sdev: scsi_device, state: number): Steps<number> {
  yield* mutex_lock(sdev.state_mutex);
  const error = yield* scsi_device_set_state(sdev, state);
  yield* mutex_unlock(sdev.state_mutex);
  return error;
}

/** Kernel: cmpxchg(&sdev->queue_stopped). @returns true when it was changed */
function* swap_stopped(sdev: scsi_device, to: boolean): Steps<boolean> {
  const step = makeStep('cmpxchg', sdev, 'queue_stopped', 'update', { ordering: 'full' });
  yield step;
  const changed = sdev.queue_stopped !== to;
  sdev.queue_stopped = to;
  step.value = changed;
  return changed;
}

/** Kernel: scsi_start_queue(), all versions. */
export const scsi_start_queue = kfn('scsi_start_queue', function* (sdev: scsi_device): Steps<void> {
  if (yield* swap_stopped(sdev, false)) yield* blk_mq_unquiesce_queue(sdev.request_queue);
});

/** Kernel: scsi_stop_queue(), all versions. */
const scsi_stop_queue = kfn('scsi_stop_queue', function* (sdev: scsi_device): Steps<void> {
  if (yield* swap_stopped(sdev, true)) yield* blk_mq_quiesce_queue_nowait(sdev.request_queue);
});

/**
 * A transport lost the device for the moment: nothing is sent until it is unblocked, and nobody is about to
 * send anything when it returns.
 * Kernel: scsi_target_block() of one device: scsi_device_block(), then blk_mq_wait_quiesce_done(), all versions.
 * Context: may sleep.
 * @returns 0, or -EINVAL in a state that cannot be blocked
 */
export const scsi_device_block = kfn('scsi_device_block', function* (sdev: scsi_device): Steps<number> {
  yield* mutex_lock(sdev.state_mutex);
  let error = yield* scsi_device_set_state(sdev, SDEV_BLOCK);
  if (error !== 0) error = yield* scsi_device_set_state(sdev, SDEV_CREATED_BLOCK);
  if (error === 0) yield* scsi_stop_queue(sdev);
  yield* mutex_unlock(sdev.state_mutex);
  yield* synchronize_rcu();
  return error;
});

/** What an unblocked device becomes; undefined: it is in a state that is not to be unblocked. */
const unblocked = (state: number, new_state: number): number | undefined => {
  switch (state) {
    case SDEV_BLOCK:
    case SDEV_TRANSPORT_OFFLINE:
      return new_state;
    case SDEV_CREATED_BLOCK:
      return new_state === SDEV_RUNNING ? SDEV_CREATED : new_state;
    case SDEV_CANCEL:
    case SDEV_OFFLINE:
      return state;
    default:
      return undefined;
  }
};

/**
 * The transport has the device again (`new_state` RUNNING), or gives it up (TRANSPORT_OFFLINE). The
 * kernel writes the state without asking scsi_device_set_state().
 * Kernel: scsi_internal_device_unblock_nowait() under the mutex, all versions. Context: may sleep.
 * @returns 0, or -EINVAL in a state that is not to be unblocked, and for any other new state
 */
export const scsi_internal_device_unblock = kfn(
  'scsi_internal_device_unblock',
  function* (sdev: scsi_device, new_state: number): Steps<number> {
    if (new_state !== SDEV_RUNNING && new_state !== SDEV_TRANSPORT_OFFLINE) return -E.EINVAL;
    yield* mutex_lock(sdev.state_mutex);
    const state = yield* load(sdev, 'sdev_state');
    const next = unblocked(state, new_state);
    if (next !== undefined) {
      if (next !== state) yield* WRITE_ONCE(sdev, 'sdev_state', next);
      yield* scsi_start_queue(sdev);
    }
    if (next === SDEV_RUNNING) yield* sdev.core.mpath.runs_again(sdev);
    yield* mutex_unlock(sdev.state_mutex);
    return next === undefined ? -E.EINVAL : 0;
  },
);
