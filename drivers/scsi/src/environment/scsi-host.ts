// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_t,
  device,
  kfn,
  KObject,
  list_head,
  load,
  mutex,
  NUMA_NO_NODE,
  spinlock_t,
  store,
  wait_queue_head,
  workqueue_struct,
  E,
  type Steps,
} from '@libmultipath/driver-kit';
import { isLegalHostMove, SHOST_CREATED, shost_state_names } from './host-states.js';
import type { scsi_hba } from './hardware/hba.js';
import type { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_core } from './scsi-core.js';
import type { scsi_device } from './scsi-device.js';
import type { scsi_target } from './scsi-target.js';

/** Kernel: struct Scsi_Host. */
export class Scsi_Host extends KObject {
  shost_state: number = SHOST_CREATED;
  /** Protects the states, the lists and `eh_cmd_q`. */
  readonly host_lock = new spinlock_t(this);
  readonly scan_mutex = new mutex(this);
  readonly __devices = new list_head<scsi_device>(this);
  readonly __targets = new list_head<scsi_target>(this);
  /** Commands that wait for the error handler. */
  readonly eh_cmd_q = new list_head<scsi_cmnd>(this);
  /** Commands that the error handler is to look at. */
  host_failed = 0;
  /** Commands that the host has, answered or not, those of the error handler included. */
  host_busy = 0;
  readonly host_wait = new wait_queue_head(this);
  readonly tmf_work_q: workqueue_struct;
  /** Commands in flight that count for policy queue-depth. Kernel: mpath_nr_active, of the patches. */
  readonly mpath_nr_active = new atomic_t(this);
  readonly shost_gendev: device;
  /** Node of the adapter's DMA. */
  readonly numa_node: number;

  constructor(
    readonly core: scsi_core,
    readonly host_no: number,
    readonly hba: scsi_hba,
    node: number | undefined,
  ) {
    super();
    this.numa_node = node ?? NUMA_NO_NODE;
    this.tmf_work_q = new workqueue_struct(`scsi_tmf_${String(host_no)}`, { maxActive: 1 });
    this.shost_gendev = new device(`host${String(host_no)}`, null, this);
    this.shost_gendev.subsystem = 'scsi';
  }

  /** What sysfs calls the state. */
  get stateName(): string {
    return shost_state_names.get(this.shost_state) ?? '';
  }
}

/**
 * Kernel: scsi_host_set_state(), all versions. Context: `host_lock` held.
 * @returns 0, or -EINVAL when the move is not legal; nothing is changed then
 */
export const scsi_host_set_state = kfn(
  'scsi_host_set_state',
  function* (shost: Scsi_Host, state: number): Steps<number> {
    const oldstate = yield* load(shost, 'shost_state');
    if (oldstate === state) return 0;
    if (!isLegalHostMove(oldstate, state)) return -E.EINVAL;
    yield* store(shost, 'shost_state', state);
    return 0;
  },
);
