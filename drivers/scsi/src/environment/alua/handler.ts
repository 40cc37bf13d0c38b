// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kfn,
  kfree,
  kzalloc,
  load,
  mutex_lock,
  mutex_unlock,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  SCSI_DH_DEV_OFFLINED,
  SCSI_DH_OK,
  type activate_complete,
  type scsi_device_handler,
} from '../device-handler.js';
import type { scsi_core } from '../scsi-core.js';
import type { scsi_device } from '../scsi-device.js';
import { alua_rtpg_queue, get_pg } from './alua-check.js';
import { alua_bus_attach, alua_bus_detach, alua_rescan } from './attach.js';
import { alua_check_sense } from './check-sense.js';
import { dataOf } from './dh-data.js';
import { ALUA_OPTIMIZE_STPG, alua_queue_data, put_pg } from './port-group.js';
import { alua_prep_fn } from './prep.js';

/**
 * The worker sends RTPG, and STPG if the target takes it; then the callback runs.
 * Kernel: alua_activate(), all versions. Context: may sleep. @returns 0
 */
const alua_activate = kfn('alua_activate', function* (sdev: scsi_device, fn: activate_complete | null): Steps<number> {
  const h = dataOf(yield* load(sdev, 'handler_data'));
  if (h === null) return SCSI_DH_OK;
  const qdata = yield* kzalloc(() => new alua_queue_data(fn));
  yield* mutex_lock(h.init_mutex);
  const pg = yield* get_pg(sdev);
  const init_error = yield* load(h, 'init_error');
  yield* mutex_unlock(h.init_mutex);
  const queued = pg !== null && (yield* alua_rtpg_queue(pg, sdev, qdata, true));
  if (!queued) yield* kfree(qdata);
  if (pg !== null) yield* put_pg(pg);
  if (!queued && fn !== null) yield* fn(pg === null ? init_error : SCSI_DH_DEV_OFFLINED);
  return SCSI_DH_OK;
});

/**
 * One parameter, `0` or `1`: stay on a non-optimized path rather than ask for a change.
 * Kernel: alua_set_params(), all versions. @returns 0, -EINVAL, or -ENXIO without a group
 */
const alua_set_params = kfn('alua_set_params', function* (sdev: scsi_device, params: readonly string[]): Steps<number> {
  const [optimize] = params;
  if (params.length !== 1 || (optimize !== '0' && optimize !== '1')) return -E.EINVAL;
  const pg = yield* get_pg(sdev);
  if (pg === null) return -E.ENXIO;
  yield* spin_lock_irqsave(pg.lock);
  const flags = yield* load(pg, 'flags');
  yield* store(pg, 'flags', optimize === '1' ? flags | ALUA_OPTIMIZE_STPG : flags & ~ALUA_OPTIMIZE_STPG);
  yield* spin_unlock_irqrestore(pg.lock);
  yield* put_pg(pg);
  return 0;
});

/** Loads the module scsi_dh_alua: devices that are added from now on may get the handler. Kernel: alua_init(). */
export const loadAlua = (core: scsi_core): void => {
  const handler: scsi_device_handler = {
    name: 'alua',
    module: core.alua_mod,
    attach: alua_bus_attach,
    detach: alua_bus_detach,
    activate: alua_activate,
    prep_fn: alua_prep_fn,
    check_sense: alua_check_sense,
    rescan: alua_rescan,
    set_params: alua_set_params,
  };
  core.scsi_dh_list.set(handler.name, handler);
};
