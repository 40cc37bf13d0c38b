// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  bio_list_add,
  bio_put,
  checkPointer,
  is_mpath_request,
  kfn,
  READ_ONCE,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type Steps,
} from '@libmultipath/driver-kit';
import { SDEV_TRANSPORT_OFFLINE } from '../environment/device-states.js';
import type { scsi_disposition } from '../environment/disposition.js';
import type { scsi_cmnd } from '../environment/scsi-cmnd.js';
import { scsi_mpath_dev_of } from './scsi-mpath-device.js';
import type { Template } from './template.js';

/**
 * A command of the library is given to another path when this one is gone for good, and is tried again here
 * otherwise, without a bound.
 * Part of scsi_decide_disposition(), v1: its exits for a device that is offline, and `maybe_retry`.
 */
export const disposition_v1 = kfn(
  'scsi_mpath_disposition',
  function* (cmd: scsi_cmnd, decided: scsi_disposition): Steps<scsi_disposition> {
    if (!is_mpath_request(cmd)) return decided;
    const { device } = cmd;
    const gone = (yield* READ_ONCE(device, 'sdev_state')) === SDEV_TRANSPORT_OFFLINE || device.request_queue.destroyed;
    return gone ? 'FAILOVER' : 'NEEDS_RETRY';
  },
);

/**
 * The clone is taken out of its request, the original goes back to the head, and the request ends well.
 * Kernel: scsi_mpath_failover_req(), v1. Context: that of a completion.
 */
export const scsi_mpath_failover_req = kfn(
  'scsi_mpath_failover_req',
  function* ({ lib }: Pick<Template, 'lib'>, cmd: scsi_cmnd): Steps<void> {
    const path = checkPointer(scsi_mpath_dev_of(cmd.device), 'mpath_device');
    const head = checkPointer(yield* lib.head_of(path.mpath_device), 'requeue_lock');
    yield* lib.mpath_clear_current_path(path.mpath_device);
    const clone = checkPointer(cmd.bio, 'bi_private');
    const { bi_private: original } = clone;
    clone.bi_end_io = (ended) => bio_put(ended);
    if (original instanceof bio) {
      yield* spin_lock_irqsave(head.requeue_lock);
      yield* bio_list_add(head.requeue_list, original);
      yield* spin_unlock_irqrestore(head.requeue_lock);
    }
    yield* lib.mpath_schedule_requeue_work(head);
  },
);
