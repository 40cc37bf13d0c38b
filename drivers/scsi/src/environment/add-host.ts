// SPDX-License-Identifier: GPL-2.0-only
import {
  device_add,
  device_del,
  get_device,
  ida_alloc,
  ida_free,
  kfn,
  kfree,
  kzalloc,
  list_add_tail,
  list_first_entry_or_null,
  list_next_or_null,
  mutex_lock,
  mutex_unlock,
  put_device,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_probe_and_add_lun } from './add-lun.js';
import { scsi_done } from './complete.js';
import { SDEV_DEL } from './device-states.js';
import { start_error_handler } from './error-handler.js';
import { makeHba } from './hardware/hba.js';
import type { LunNexus } from './hardware/lun-nexus.js';
import { SHOST_CANCEL, SHOST_CANCEL_RECOVERY, SHOST_DEL, SHOST_DEL_RECOVERY, SHOST_RUNNING } from './host-states.js';
import { __scsi_remove_device } from './remove-device.js';
import type { scsi_core } from './scsi-core.js';
import type { scsi_device } from './scsi-device.js';
import { scsi_host_set_state, Scsi_Host } from './scsi-host.js';
import { scsi_target } from './scsi-target.js';
import { devices_of } from './shost-devices.js';
import { scsi_timeout } from './timeout.js';

/** Kernel: scsi_host_dev_release(), all versions. */
function* release(shost: Scsi_Host): Steps<void> {
  yield* ida_free(shost.core.host_index_ida, shost.host_no);
  yield* kfree(shost);
}

/**
 * A host with its adapter, its error handler and no devices.
 * Kernel: scsi_host_alloc() with scsi_add_host(), all versions. Context: may sleep.
 * @param node NUMA node of the adapter; absent: none
 */
export const scsi_add_host = kfn('scsi_add_host', function* (core: scsi_core, node?: number): Steps<Scsi_Host> {
  const host_no = yield* ida_alloc(core.host_index_ida);
  const hba = makeHba(`host${String(host_no)}`, { done: scsi_done, timed_out: scsi_timeout });
  const shost = yield* kzalloc(() => new Scsi_Host(core, host_no, hba, node));
  shost.shost_gendev.release = () => release(shost);
  start_error_handler(shost);
  yield* spin_lock_irqsave(shost.host_lock);
  yield* scsi_host_set_state(shost, SHOST_RUNNING);
  yield* spin_unlock_irqrestore(shost.host_lock);
  yield* device_add(shost.shost_gendev);
  return shost;
});

/** Last reference of a target. Kernel: scsi_target_dev_release(), all versions. */
function* release_target(starget: scsi_target): Steps<void> {
  const { host } = starget;
  yield* kfree(starget);
  yield* put_device(host.shost_gendev);
}

/** The target at this address, or a new one. Kernel: scsi_alloc_target(), all versions. References: one on the target. */
const scsi_alloc_target = kfn(
  'scsi_alloc_target',
  function* (shost: Scsi_Host, channel: number, id: number): Steps<scsi_target> {
    const fresh = yield* kzalloc(() => new scsi_target(shost, channel, id));
    yield* spin_lock_irqsave(shost.host_lock);
    let found = yield* list_first_entry_or_null(shost.__targets);
    while (found !== null && (found.channel !== channel || found.id !== id)) {
      found = yield* list_next_or_null(shost.__targets, found.siblings);
    }
    if (found === null) yield* list_add_tail(fresh.siblings, shost.__targets);
    yield* spin_unlock_irqrestore(shost.host_lock);
    if (found !== null) {
      yield* kfree(fresh);
      yield* get_device(found.dev);
      return found;
    }
    fresh.dev.release = () => release_target(fresh);
    yield* get_device(shost.shost_gendev);
    return fresh;
  },
);

/** A logical unit at its address. */
export interface LunAt {
  readonly channel: number;
  readonly id: number;
  readonly lun: number;
  readonly nexus: LunNexus;
}

/**
 * Adds what answers at the address, unless it is there already.
 * Kernel: scsi_scan_host_selected() of one address, all versions. Context: may sleep.
 * @returns the device that is there now; null: none
 */
export const scsi_scan_lun = kfn(
  'scsi_scan_lun',
  function* (shost: Scsi_Host, { channel, id, lun, nexus }: LunAt): Steps<scsi_device | null> {
    yield* mutex_lock(shost.scan_mutex);
    const starget = yield* scsi_alloc_target(shost, channel, id);
    const known = (yield* devices_of(shost)).find(
      (sdev) => sdev.sdev_target === starget && sdev.lun === lun && sdev.sdev_state !== SDEV_DEL,
    );
    const sdev = known ?? (yield* scsi_probe_and_add_lun(starget, lun, nexus));
    yield* put_device(starget.dev);
    yield* mutex_unlock(shost.scan_mutex);
    return sdev;
  },
);

/** The state with, or without, a recovery that goes on. Context: `host_lock` held. */
function* set_one_of(shost: Scsi_Host, state: number, inRecovery: number): Steps<void> {
  if ((yield* scsi_host_set_state(shost, state)) !== 0) yield* scsi_host_set_state(shost, inRecovery);
}

/**
 * All devices go, then the host. Kernel: scsi_remove_host(), all versions. Context: may sleep.
 * References: drops the one that scsi_add_host() gave.
 */
export const scsi_remove_host = kfn('scsi_remove_host', function* (shost: Scsi_Host): Steps<void> {
  yield* mutex_lock(shost.scan_mutex);
  yield* spin_lock_irqsave(shost.host_lock);
  yield* set_one_of(shost, SHOST_CANCEL, SHOST_CANCEL_RECOVERY);
  yield* spin_unlock_irqrestore(shost.host_lock);
  for (const sdev of yield* devices_of(shost)) {
    yield* __scsi_remove_device(sdev);
  }
  yield* mutex_unlock(shost.scan_mutex);
  yield* spin_lock_irqsave(shost.host_lock);
  yield* set_one_of(shost, SHOST_DEL, SHOST_DEL_RECOVERY);
  yield* spin_unlock_irqrestore(shost.host_lock);
  yield* device_del(shost.shost_gendev);
  yield* put_device(shost.shost_gendev);
});
