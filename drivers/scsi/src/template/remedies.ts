// SPDX-License-Identifier: GPL-2.0-only
import { flush_work, kref_get_unless_zero } from '@libmultipath/driver-kit';
import { SCSI_ACCESS_STATE_MASK } from '../environment/access-states.js';
import { errors } from '../errors.js';
import { v3TemplateParts, type TemplateParts } from './parts.js';
import { waited_for } from './sd/old-disk.js';

/** A change to the SCSI driver of v3, small and switchable alone. Each changes one part. */
export interface TemplateRemedy {
  readonly name: string;
  /** What it removes, in words or by id of the review sample. */
  readonly removes: string;
  /** How the change would look in C, in one sentence. */
  readonly inC: string;
  readonly change: Partial<TemplateParts>;
}

/** Every remedy of the SCSI driver; `fixed` has all of them. */
export const templateRemedies: readonly TemplateRemedy[] = [
  {
    name: 'access-state-masked',
    removes: 'R-11',
    inC: '`scsi_mpath_is_disabled()` and `scsi_mpath_is_optimized()` compare `sdev->access_state & SCSI_ACCESS_STATE_MASK`.',
    change: { access_state: (byte) => byte & SCSI_ACCESS_STATE_MASK },
  },
  {
    name: 'failover-does-not-wait',
    removes: 'a completion handler that sleeps',
    inC: '`scsi_mpath_clone_end_io()` calls `mpath_clear_current_path()` and not `mpath_synchronize()`: the path stays on the list, so nobody needs the grace period.',
    change: {
      *forget_path(lib, _head, dev) {
        yield* lib.mpath_clear_current_path(dev);
      },
    },
  },
  {
    name: 'failover-takes-no-reference',
    removes: 'a scsi_device that is never freed once a path has failed',
    inC: '`scsi_mpath_clone_end_io()` takes `q->queuedata` instead of calling `scsi_device_from_queue()`: the request that ends holds the queue.',
    change: { *hold_device() {} },
  },
  {
    name: 'running-path-kicks',
    removes: 'reads that wait for a path that runs again',
    inC: '`scsi_internal_device_unblock()` and the setter of `state` call a new `scsi_mpath_runs_again()` where a device becomes RUNNING, with `state_mutex` held: `mpath_synchronize()`, then `mpath_schedule_requeue_work()`, of its head.',
    change: {
      *on_running(lib, { mpath_device }) {
        const head = yield* lib.head_of(mpath_device);
        if (head === null) return;
        // Who has found no path before has parked its bio when the kick comes.
        yield* lib.mpath_synchronize(head);
        yield* lib.mpath_schedule_requeue_work(head);
      },
    },
  },
  {
    name: 'retry-counts-once',
    removes: 'a queue depth that grows with every retry and never comes down',
    inC: '`SCMD_MPATH_CNT_ACTIVE` and `SCMD_MPATH_IO_STATS` become part of `SCMD_PRESERVED_FLAGS`.',
    change: { flags_at_dispatch: (flags) => flags },
  },
  {
    name: 'lookup-compares-first',
    removes: 'a scan that waits for the lock that it holds',
    inC: '`scsi_mpath_find_head()` compares `vpd_id` before it takes a reference, so it has none to put.',
    change: {
      *get_head_if(head, vpd_id) {
        return head.vpd_id === vpd_id && (yield* kref_get_unless_zero(head.ref));
      },
    },
  },
  {
    name: 'removal-waits-after-unlink',
    removes: 'readers that follow the NULL pointer `mpath_device->disk`',
    inC: '`sd_mpath_remove()` calls `mpath_synchronize()` after `mpath_delete_device()`, and once more when `mpath_clear_current_path()` then still clears something.',
    change: {
      *after_unlink(lib, head, dev) {
        yield* lib.mpath_synchronize(head);
        if (yield* lib.mpath_clear_current_path(dev)) yield* lib.mpath_synchronize(head);
      },
    },
  },
  {
    name: 'removal-asks-for-paths',
    removes: 'a delayed removal that takes the disk from under a path that has come back',
    inC: '`sd_mpath_remove_head()` puts the disk and returns when `disk_count` is not 0.',
    change: { may_remove_disk: ({ disk_count }) => disk_count === 0 },
  },
  {
    name: 'failed-probe-asks',
    removes: 'a head that is freed with its removal pending, after a probe that failed',
    inC: '`sd_mpath_fail_probe()` calls `mpath_can_remove_head()` as `sd_mpath_remove()` does.',
    change: { may_go_after_failed_probe: (lib, head) => lib.mpath_can_remove_head(head) },
  },
  {
    name: 'probe-waits-for-old-disk',
    removes: 'a disk that is brought before the old one is put, and taken for it',
    inC: 'Where the disk is unlisted `head->disk_leaving` is set, `sd_mpath_disk_release()` ends it with `store_release_wake_up()` after `mpath_put_disk()`, and `sd_mpath_probe()`, when it finds no disk, drops `sd_mpath_disks_lock`, waits for that with `wait_var_event()` and looks again.',
    change: { old_disk: waited_for },
  },
  {
    name: 'release-flushes-requeue',
    removes: 'a head that is freed with `requeue_work` pending, after a clone that failed late',
    inC: '`scsi_mpath_head_release()` calls `flush_work(&head->mpath_head.requeue_work)` before `mpath_head_uninit()`.',
    change: { before_release: ({ requeue_work }) => flush_work(requeue_work) },
  },
];

/**
 * v3 with the named remedies.
 * @throws LMP-251 no such remedy
 */
export const templatePartsWith = (names: readonly string[]): TemplateParts => {
  const known = templateRemedies.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw errors.fail('LMP-251', {
      message: `expected remedies out of ${known.join(', ')}; found ${unknown}`,
      todo: 'correct the name',
    });
  }
  const chosen = templateRemedies.filter(({ name }) => names.includes(name));
  return chosen.reduce((parts, { change }) => ({ ...parts, ...change }), v3TemplateParts);
};

/** v3 with all remedies: the driver for the library `fixed`. */
export const fixedTemplateParts: TemplateParts = templatePartsWith(templateRemedies.map(({ name }) => name));
