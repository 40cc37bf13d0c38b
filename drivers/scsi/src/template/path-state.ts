// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, type Steps } from '@libmultipath/driver-kit';
import { SCSI_ACCESS_STATE_ACTIVE, SCSI_ACCESS_STATE_OPTIMAL } from '../environment/access-states.js';
import { SDEV_BLOCK, SDEV_CREATED_BLOCK, SDEV_QUIESCE, SDEV_RUNNING } from '../environment/device-states.js';
import type { LibraryPath } from './library.js';
import type { TemplateParts } from './parts.js';
import { to_scsi_mpath_device } from './scsi-mpath-device.js';

/*
 * The three questions of the library about a path, answered from the state of its device and from the
 * byte that only a device handler writes: without one it is 0, optimal. Context of each: any, inside an
 * SRCU read section of the head.
 */

/** Kernel: scsi_mpath_is_disabled(), v2 and v3. */
export const make_is_disabled = ({ access_state }: TemplateParts) =>
  kfn('scsi_mpath_is_disabled', function* (dev: LibraryPath): Steps<boolean> {
    const { sdev } = to_scsi_mpath_device(dev);
    if ((yield* load(sdev, 'sdev_state')) !== SDEV_RUNNING) return true;
    const state = access_state(yield* load(sdev, 'access_state'));
    return state !== SCSI_ACCESS_STATE_OPTIMAL && state !== SCSI_ACCESS_STATE_ACTIVE;
  });

/** Kernel: scsi_mpath_is_optimized(), v2 and v3. */
export const make_is_optimized = ({ access_state }: TemplateParts) =>
  kfn('scsi_mpath_is_optimized', function* (dev: LibraryPath): Steps<boolean> {
    const { sdev } = to_scsi_mpath_device(dev);
    if ((yield* load(sdev, 'sdev_state')) !== SDEV_RUNNING) return false;
    return access_state(yield* load(sdev, 'access_state')) === SCSI_ACCESS_STATE_OPTIMAL;
  });

const MAY_COME_BACK: readonly number[] = [SDEV_RUNNING, SDEV_QUIESCE, SDEV_BLOCK, SDEV_CREATED_BLOCK];

/** The state alone: a standby path is available. Kernel: scsi_mpath_available_path(), v2 and v3. */
export const scsi_mpath_available_path = kfn('scsi_mpath_available_path', function* (dev: LibraryPath): Steps<boolean> {
  return MAY_COME_BACK.includes(yield* load(to_scsi_mpath_device(dev).sdev, 'sdev_state'));
});
