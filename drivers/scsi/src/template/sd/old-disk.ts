// SPDX-License-Identifier: GPL-2.0-only
import { makeStep, wait_var_event, wake_up_var, WRITE_ONCE, type Steps } from '@libmultipath/driver-kit';
import type { scsi_mpath_head } from '../scsi-mpath-head.js';

/**
 * What a head's disk is between its unlisting and its last put, to a path that is probed meanwhile: nobody finds the
 * disk any more, and `mpath_head->disk` still points to it.
 */
export interface OldDisk {
  /** It was unlisted. Context: `sd_mpath_disks_lock` held. */
  readonly leaves: (head: scsi_mpath_head) => Steps<void>;
  /** It was put, or it was never listed. Context: may sleep, perhaps `sd_mpath_disks_lock` held. */
  readonly is_put: (head: scsi_mpath_head) => Steps<void>;
  /** No disk is listed: does somebody still work with one? Context: `sd_mpath_disks_lock` held. */
  readonly is_leaving: (head: scsi_mpath_head) => Steps<boolean>;
  /** Until nobody does. Context: may sleep, `sd_mpath_disks_lock` not held: the put may come to want it. */
  readonly wait: (head: scsi_mpath_head) => Steps<void>;
}

/** v3: it is as if it had been put. */
export const forgotten: OldDisk = {
  *leaves() {},
  *is_put() {},
  *is_leaving() {
    return false;
  },
  *wait() {},
};

/** Kernel: smp_load_acquire(&head->disk_leaving): whoever reads false sees all that the put has done. */
function* load_acquire(head: scsi_mpath_head): Steps<boolean> {
  const step = makeStep('smp_load_acquire', head, 'disk_leaving', 'read', { ordering: 'acquire' });
  yield step;
  step.value = head.disk_leaving;
  return head.disk_leaving;
}

/** Kernel: store_release_wake_up(&head->disk_leaving, false). */
function* store_release_wake_up(head: scsi_mpath_head): Steps<void> {
  yield makeStep('smp_store_release', head, 'disk_leaving', 'write', { ordering: 'release' });
  head.disk_leaving = false;
  yield* wake_up_var(head, 'disk_leaving');
}

/** A flag of the head, which its paths keep; it changes to true under `sd_mpath_disks_lock` only. */
export const waited_for: OldDisk = {
  leaves: (head) => WRITE_ONCE(head, 'disk_leaving', true),
  is_put: store_release_wake_up,
  is_leaving: load_acquire,
  wait: (head) =>
    wait_var_event(head, 'disk_leaving', function* () {
      return !(yield* load_acquire(head));
    }),
};
