// SPDX-License-Identifier: GPL-2.0-only
import {
  dev_info,
  kfn,
  kfree,
  kref_get,
  kzalloc,
  list_add_rcu,
  list_del_rcu,
  load,
  mutex_lock,
  mutex_unlock,
  rcu_assign_pointer,
  rcu_dereference,
  spin_lock,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irq,
  spin_unlock_irqrestore,
  store,
  synchronize_rcu,
  type Steps,
} from '@libmultipath/driver-kit';
import { SCSI_DH_DEV_OFFLINED, SCSI_DH_DEV_UNSUPP, SCSI_DH_OK } from '../device-handler.js';
import { tpgsOf, TYPE_DISK, type scsi_device } from '../scsi-device.js';
import { scsi_vpd_tpg_id } from '../vpd-fetch.js';
import { alua_rtpg_queue } from './alua-check.js';
import { dataOf } from './dh-data.js';
import { alua_alloc_pg } from './find-pg.js';
import { alua_dh_data, put_pg, type alua_port_group } from './port-group.js';
import { alua_rtpg_work } from './rtpg-work.js';

const modes = [
  'not supported',
  'supports implicit TPGS',
  'supports explicit TPGS',
  'supports implicit and explicit TPGS',
];

/** Kernel: alua_check_tpgs(), all versions. @returns 0: no ALUA on this device */
const checkTpgs = (sdev: scsi_device): number => {
  if (sdev.type !== TYPE_DISK) {
    dev_info(sdev, 'alua: disable for non-disk devices');
    return 0;
  }
  const tpgs = tpgsOf(sdev.inquiry);
  dev_info(sdev, `alua: ${modes[tpgs] ?? ''}`);
  return tpgs;
};

/** Moves the device from the group it was in to this one. @returns the group before, with its reference */
function* join_group(h: alua_dh_data, pg: alua_port_group): Steps<alua_port_group | null> {
  yield* spin_lock(h.pg_lock);
  const old_pg = yield* rcu_dereference(h, 'pg');
  if (old_pg !== pg) {
    if (old_pg !== null) {
      yield* spin_lock_irqsave(old_pg.lock);
      yield* list_del_rcu(h.node);
      yield* spin_unlock_irqrestore(old_pg.lock);
    }
    yield* rcu_assign_pointer(h, 'pg', pg);
  }
  yield* spin_lock_irqsave(pg.lock);
  if (old_pg !== pg) yield* list_add_rcu(h.node, pg.dh_list);
  yield* spin_unlock_irqrestore(pg.lock);
  yield* spin_unlock(h.pg_lock);
  return old_pg;
}

/**
 * Finds the device's group and asks for its state, if this kernel does so now.
 * Kernel: alua_check_vpd(), all versions. Context: may sleep. References: the device holds one on its group.
 */
const alua_check_vpd = kfn(
  'alua_check_vpd',
  function* (sdev: scsi_device, h: alua_dh_data, tpgs: number): Steps<number> {
    const { groupId, relPort } = yield* scsi_vpd_tpg_id(sdev);
    if (groupId < 0) {
      dev_info(sdev, 'alua: No target port descriptors found');
      return SCSI_DH_DEV_UNSUPP;
    }
    const pg = yield* alua_alloc_pg(sdev, groupId, tpgs, alua_rtpg_work);
    const device = pg.device_id_str === '' ? '' : `device ${pg.device_id_str} `;
    dev_info(sdev, `alua: ${device}port group ${groupId.toString(16)} rel port ${(relPort >>> 0).toString(16)}`);
    yield* kref_get(pg.kref);
    const old_pg = yield* join_group(h, pg);
    yield* alua_rtpg_queue(pg, sdev, null, true);
    yield* put_pg(pg);
    if (old_pg !== null) yield* put_pg(old_pg);
    return SCSI_DH_OK;
  },
);

/** Kernel: alua_initialize(), all versions. Context: may sleep. */
const alua_initialize = kfn('alua_initialize', function* (sdev: scsi_device, h: alua_dh_data): Steps<number> {
  yield* mutex_lock(h.init_mutex);
  yield* store(h, 'disabled', false);
  const tpgs = checkTpgs(sdev);
  const error = tpgs === 0 ? SCSI_DH_DEV_UNSUPP : yield* alua_check_vpd(sdev, h, tpgs);
  yield* store(h, 'init_error', error);
  yield* mutex_unlock(h.init_mutex);
  return error;
});

/** Kernel: alua_rescan(), all versions. Context: may sleep. */
export const alua_rescan = kfn('alua_rescan', function* (sdev: scsi_device): Steps<void> {
  const h = dataOf(yield* load(sdev, 'handler_data'));
  if (h !== null) yield* alua_initialize(sdev, h);
});

/** The device's data is set last. Kernel: alua_bus_attach(), all versions. Context: may sleep. */
export const alua_bus_attach = kfn('alua_bus_attach', function* (sdev: scsi_device): Steps<number> {
  const h = yield* kzalloc(() => new alua_dh_data(sdev));
  const error = yield* alua_initialize(sdev, h);
  if (error !== SCSI_DH_OK && error !== SCSI_DH_DEV_OFFLINED) {
    yield* kfree(h);
    return error;
  }
  yield* store(sdev, 'handler_data', h);
  return SCSI_DH_OK;
});

/** Kernel: alua_bus_detach(), all versions. Context: may sleep. */
export const alua_bus_detach = kfn('alua_bus_detach', function* (sdev: scsi_device): Steps<void> {
  const h = dataOf(yield* load(sdev, 'handler_data'));
  if (h === null) return;
  yield* spin_lock(h.pg_lock);
  const pg = yield* rcu_dereference(h, 'pg');
  yield* rcu_assign_pointer(h, 'pg', null);
  yield* spin_unlock(h.pg_lock);
  if (pg !== null) {
    yield* spin_lock_irq(pg.lock);
    yield* list_del_rcu(h.node);
    yield* spin_unlock_irq(pg.lock);
    yield* put_pg(pg);
  }
  yield* store(sdev, 'handler_data', null);
  yield* synchronize_rcu();
  yield* kfree(h);
});
