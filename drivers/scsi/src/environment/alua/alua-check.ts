// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  kref_get,
  kref_get_unless_zero,
  list_add_tail,
  load,
  msecs_to_jiffies,
  queue_delayed_work,
  rcu_dereference,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_device_get, scsi_device_put } from '../device-reference.js';
import { with_rcu } from '../rcu.js';
import type { scsi_device } from '../scsi-device.js';
import { dataOf } from './dh-data.js';
import {
  ALUA_PG_RUN_RTPG,
  ALUA_PG_RUN_STPG,
  ALUA_PG_RUNNING,
  put_pg,
  type alua_port_group,
  type alua_queue_data,
} from './port-group.js';

const ALUA_RTPG_DELAY_MSECS = 5;

/** Under the group's lock: is the worker to be queued, with a reference on the group? */
function* wants_start(pg: alua_port_group, sdev: scsi_device, force: boolean): Steps<boolean> {
  const flags = yield* load(pg, 'flags');
  if ((yield* load(pg, 'rtpg_sdev')) === null) {
    if (!(yield* sdev.core.parts.starts_rtpg(pg, sdev))) return false;
    yield* store(pg, 'interval', 0);
    yield* store(pg, 'flags', flags | ALUA_PG_RUN_RTPG);
    yield* kref_get(pg.kref);
    yield* store(pg, 'rtpg_sdev', sdev);
    return true;
  }
  if ((flags & ALUA_PG_RUN_RTPG) !== 0 || !force) return false;
  yield* store(pg, 'flags', flags | ALUA_PG_RUN_RTPG);
  // A worker that runs looks at the flag before it ends.
  if ((flags & ALUA_PG_RUNNING) !== 0) return false;
  yield* kref_get(pg.kref);
  return true;
}

/**
 * Has the worker send RTPG soon, unless it is about to anyway.
 * Kernel: alua_rtpg_queue(), all versions. Context: any, with a reference on the device.
 * References: the queued worker holds one on the group and one on the device.
 * @returns false: the device is going; `qdata` was not taken
 */
export const alua_rtpg_queue = kfn(
  'alua_rtpg_queue',
  function* (pg: alua_port_group, sdev: scsi_device, qdata: alua_queue_data | null, force: boolean): Steps<boolean> {
    if ((yield* scsi_device_get(sdev)) !== 0) return false;
    yield* spin_lock_irqsave(pg.lock);
    if (qdata !== null) {
      yield* list_add_tail(qdata.entry, pg.rtpg_list);
      yield* store(pg, 'flags', (yield* load(pg, 'flags')) | ALUA_PG_RUN_STPG);
    }
    const start = yield* wants_start(pg, sdev, force || qdata !== null);
    yield* spin_unlock_irqrestore(pg.lock);
    if (start) {
      const delay = msecs_to_jiffies(ALUA_RTPG_DELAY_MSECS);
      if (yield* queue_delayed_work(sdev.core.kaluad_wq, pg.rtpg_work, delay)) return true;
      yield* put_pg(pg);
    }
    yield* scsi_device_put(sdev);
    return true;
  },
);

/** The device's group, with a reference on it. Context: any. */
export const get_pg = (sdev: scsi_device): Steps<alua_port_group | null> =>
  with_rcu(function* () {
    const h = dataOf(yield* load(sdev, 'handler_data'));
    const pg = h === null ? null : yield* rcu_dereference(h, 'pg');
    return pg !== null && (yield* kref_get_unless_zero(pg.kref)) ? pg : null;
  });

/** Kernel: alua_check(), all versions. Context: any. */
export const alua_check = kfn('alua_check', function* (sdev: scsi_device, force: boolean): Steps<void> {
  const pg = yield* get_pg(sdev);
  if (pg === null) return;
  yield* alua_rtpg_queue(pg, sdev, null, force);
  yield* put_pg(pg);
});
