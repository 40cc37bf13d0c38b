// SPDX-License-Identifier: GPL-2.0-only
import {
  dev_info,
  kfn,
  list_first_entry_or_null,
  list_next_or_null,
  load,
  pr_warn,
  rcu_dereference,
  store,
  WARN_ON_ONCE,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_device_get } from '../device-reference.js';
import type { scsi_device } from '../scsi-device.js';
import type { alua_port_group } from './port-group.js';

/**
 * Another device of the group, when the one that was asked has no connection.
 * Kernel: alua_rtpg_select_sdev(), all versions. Context: the group's lock held.
 * References: one on the new device; that on the device before is the caller's now.
 * @returns the device before, or null when there is no other
 */
export const alua_rtpg_select_sdev = kfn(
  'alua_rtpg_select_sdev',
  function* (pg: alua_port_group): Steps<scsi_device | null> {
    const before = yield* load(pg, 'rtpg_sdev');
    if (WARN_ON_ONCE(before === null, 'alua_rtpg_select_sdev: no rtpg_sdev')) return null;
    let h = yield* list_first_entry_or_null(pg.dh_list);
    for (; h !== null; h = yield* list_next_or_null(pg.dh_list, h.node)) {
      if (h.sdev === before) {
        yield* store(h, 'disabled', true);
        continue;
      }
      const usable = (yield* rcu_dereference(h, 'pg')) === pg && !(yield* load(h, 'disabled'));
      if (!usable || (yield* scsi_device_get(h.sdev)) !== 0) continue;
      dev_info(h.sdev, 'rtpg retry on different device');
      yield* store(pg, 'rtpg_sdev', h.sdev);
      return before;
    }
    pr_warn(`${pg.device_id_str === '' ? '(nameless PG)' : pg.device_id_str}: no device found for rtpg`);
    return null;
  },
);
