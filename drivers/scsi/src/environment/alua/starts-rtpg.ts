// SPDX-License-Identifier: GPL-2.0-only
import { load, rcu_dereference, type Steps } from '@libmultipath/driver-kit';
import { with_rcu } from '../rcu.js';
import type { scsi_device } from '../scsi-device.js';
import { dataOf } from './dh-data.js';
import type { alua_port_group } from './port-group.js';

/** Always: also for a device that is being attached. Part of alua_rtpg_queue(), 6.1. */
export function* starts_always(): Steps<boolean> {
  return true;
}

/**
 * Only when the device's handler data is set and is of this group: it is set when the attach is over,
 * so no RTPG is sent during it. Part of alua_rtpg_queue(), 6.12 to 7.3.
 */
export const starts_when_attached = (pg: alua_port_group, sdev: scsi_device): Steps<boolean> =>
  with_rcu(function* () {
    const h = dataOf(yield* load(sdev, 'handler_data'));
    return h !== null && (yield* rcu_dereference(h, 'pg')) === pg;
  });
