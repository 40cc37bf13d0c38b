// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_dec_if_positive,
  atomic_inc,
  bdev_end_io_acct,
  bdev_start_io_acct,
  checkPointer,
  is_mpath_request,
  kfn,
  load,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_cmnd } from '../environment/scsi-cmnd.js';
import { scsi_mpath_dev_of } from './scsi-mpath-device.js';
import type { Template } from './template.js';

/** Bit of `scsi_cmnd.flags`: the head's disk counts the command. */
export const SCMD_MPATH_IO_STATS = 1 << 5;
/** Bit of `scsi_cmnd.flags`: the command is in its host's count. */
export const SCMD_MPATH_CNT_ACTIVE = 1 << 6;

/**
 * Counts the command at its host while the policy is queue-depth.
 * Kernel: scsi_mpath_start_request(), v3, of a request that the library sent. Context: may not sleep.
 */
export const scsi_mpath_start_request = kfn(
  'scsi_mpath_start_request',
  function* ({ lib, parts }: Pick<Template, 'lib' | 'parts'>, cmd: scsi_cmnd): Steps<void> {
    cmd.mpath_flags = parts.flags_at_dispatch(cmd.mpath_flags);
    if (!is_mpath_request(cmd)) return;
    const path = checkPointer(scsi_mpath_dev_of(cmd.device), 'scsi_mpath_head');
    const head = checkPointer(yield* load(path, 'scsi_mpath_head'), 'iopolicy');
    account_start(cmd, lib.view(head.mpath_head).disk);
    if (!(yield* lib.mpath_qd_iopolicy(head.iopolicy))) return;
    if ((cmd.mpath_flags & SCMD_MPATH_CNT_ACTIVE) !== 0) return;
    yield* atomic_inc(cmd.device.host.mpath_nr_active);
    cmd.mpath_flags |= SCMD_MPATH_CNT_ACTIVE;
  },
);

/** (Nobody turns the statistics of the head's disk off here.) Part of scsi_mpath_start_request(), v3. */
function account_start(cmd: scsi_cmnd, disk: gendisk | null): void {
  if (disk === null || cmd.bio === null || (cmd.mpath_flags & SCMD_MPATH_IO_STATS) !== 0) return;
  cmd.mpath_flags |= SCMD_MPATH_IO_STATS;
  cmd.stats_disk = disk;
  cmd.start_time = bdev_start_io_acct(disk);
}

/** What was counted is counted down, whatever the policy is by now. Kernel: scsi_mpath_end_request(), v3. Context: any. */
export const scsi_mpath_end_request = kfn('scsi_mpath_end_request', function* (cmd: scsi_cmnd): Steps<void> {
  if (!is_mpath_request(cmd)) return;
  const { bio, stats_disk, start_time, mpath_flags } = cmd;
  if (bio !== null && stats_disk !== null && (mpath_flags & SCMD_MPATH_IO_STATS) !== 0) {
    bdev_end_io_acct(stats_disk, bio, start_time);
  }
  if ((mpath_flags & SCMD_MPATH_CNT_ACTIVE) !== 0) yield* atomic_dec_if_positive(cmd.device.host.mpath_nr_active);
});
