// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  bio_alloc_clone,
  bio_endio,
  bio_list_add,
  bio_put,
  blk_path_error,
  BLK_STS_OK,
  checkPointer,
  kfn,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_queue } from '../environment/scsi-queue.js';
import type { scsi_device } from '../environment/scsi-device.js';
import { errors } from '../errors.js';
import { scsi_mpath_dev_of } from './scsi-mpath-device.js';
import type { Template } from './template.js';

type FailoverUser = Pick<Template, 'lib' | 'parts'>;

const master_of = ({ label, bi_private }: bio): bio => {
  if (bi_private instanceof bio) return bi_private;
  throw errors.fail('LMP-250', { message: `${label} is no clone of the template`, todo: 'report this' });
};

const device_of = (clone: bio): scsi_device => {
  const queue = clone.bi_bdev?.bd_disk.queue;
  if (queue instanceof scsi_queue) return queue.queuedata;
  throw errors.fail('LMP-250', { message: `${clone.label} ended on no SCSI disk`, todo: 'report this' });
};

/** The original waits for another path; it was never pointed away from the head. Part of scsi_mpath_clone_end_io(), v3. */
function* fail_over({ lib, parts }: FailoverUser, clone: bio, master: bio): Steps<void> {
  const sdev = device_of(clone);
  yield* parts.hold_device(sdev);
  const { mpath_device } = checkPointer(scsi_mpath_dev_of(sdev), 'mpath_device');
  const head = checkPointer(yield* lib.head_of(mpath_device), 'requeue_lock');
  yield* parts.forget_path(lib, head, mpath_device);
  yield* spin_lock_irqsave(head.requeue_lock);
  yield* bio_list_add(head.requeue_list, master);
  yield* bio_put(clone);
  yield* spin_unlock_irqrestore(head.requeue_lock);
  yield* lib.mpath_schedule_requeue_work(head);
}

/**
 * A status that another path may not have sends the original there, as often as it comes; every other
 * status is the original's. Kernel: scsi_mpath_clone_end_io(), v3. Context: that of a completion.
 */
const scsi_mpath_clone_end_io = kfn('scsi_mpath_clone_end_io', function* (user: FailoverUser, clone: bio): Steps<void> {
  const master = master_of(clone);
  master.bi_status = clone.bi_status;
  if (clone.bi_status !== BLK_STS_OK && blk_path_error(clone.bi_status)) {
    yield* fail_over(user, clone, master);
    return;
  }
  yield* bio_put(clone);
  yield* bio_endio(master);
});

/** Kernel: scsi_mpath_clone_bio(), v3. Context: inside the head's SRCU section; the library sets the device. */
export const make_clone_bio = (user: FailoverUser) =>
  kfn('scsi_mpath_clone_bio', function* (original: bio): Steps<bio> {
    const clone = yield* bio_alloc_clone(original.bi_bdev, original);
    clone.bi_end_io = (ended) => scsi_mpath_clone_end_io(user, ended);
    clone.bi_private = original;
    return clone;
  });
