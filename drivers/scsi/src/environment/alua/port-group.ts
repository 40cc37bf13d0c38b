// SPDX-License-Identifier: GPL-2.0-only
import {
  delayed_work,
  flush_delayed_work,
  kfn,
  kfree_rcu,
  KObject,
  kref,
  kref_put,
  list_del,
  list_head,
  load,
  mutex,
  rcu_head,
  spin_lock,
  spin_unlock,
  spinlock_t,
  type Steps,
} from '@libmultipath/driver-kit';
import { SCSI_ACCESS_STATE_OPTIMAL, TPGS_SUPPORT_ALL } from '../access-states.js';
import { SCSI_DH_OK, type activate_complete } from '../device-handler.js';
import type { scsi_core } from '../scsi-core.js';
import type { scsi_device } from '../scsi-device.js';

/** Bits of `alua_port_group.flags`. */
export const ALUA_OPTIMIZE_STPG = 0x01;
export const ALUA_RTPG_EXT_HDR_UNSUPP = 0x02;
export const ALUA_PG_RUN_RTPG = 0x10;
export const ALUA_PG_RUN_STPG = 0x20;
export const ALUA_PG_RUNNING = 0x40;

/** Kernel: struct alua_queue_data: somebody who waits for an activation. */
export class alua_queue_data extends KObject {
  /** In `pg->rtpg_list`. */
  readonly entry = new list_head<alua_queue_data>(this);

  constructor(readonly callback_fn: activate_complete | null) {
    super();
  }
}

/** Kernel: struct alua_dh_data: the handler's data of one device. */
export class alua_dh_data extends KObject {
  /** In `pg->dh_list`. */
  readonly node = new list_head<alua_dh_data>(this);
  pg: alua_port_group | null = null;
  /** Protects `pg`. */
  readonly pg_lock = new spinlock_t(this);
  init_error: number = SCSI_DH_OK;
  readonly init_mutex = new mutex(this);
  /** RTPG found no connection by this device. Under the group's lock. */
  disabled = false;

  constructor(readonly sdev: scsi_device) {
    super();
  }
}

/**
 * Kernel: struct alua_port_group: a target port group of one logical unit, shared by the devices that
 * reach the unit through it.
 */
export class alua_port_group extends KObject {
  readonly kref = new kref(this, 1);
  readonly rcu = new rcu_head(this);
  /** In `port_group_list`. */
  readonly node = new list_head<alua_port_group>(this);
  readonly dh_list = new list_head<alua_dh_data>(this);
  state: number = SCSI_ACCESS_STATE_OPTIMAL;
  pref = 0;
  valid_states: number = TPGS_SUPPORT_ALL;
  flags = 0;
  /** Seconds; 0 before the first report. */
  transition_tmo = 0;
  /** When a transition has lasted too long, in jiffies; 0: no time runs. */
  expiry = 0;
  /** Seconds until the worker runs again. */
  interval = 0;
  readonly rtpg_work: delayed_work;
  /** Protects state, flags, lists and `rtpg_sdev`. */
  readonly lock = new spinlock_t(this);
  readonly rtpg_list = new list_head<alua_queue_data>(this);
  /** The device that the worker sends its commands to; null: no worker is queued. */
  rtpg_sdev: scsi_device | null = null;

  constructor(
    readonly core: scsi_core,
    /** Identification of the logical unit, empty without one: the group is then of one device. */
    readonly device_id_str: string,
    readonly group_id: number,
    readonly tpgs: number,
    work: (pg: alua_port_group) => Steps<void>,
  ) {
    super();
    this.rtpg_work = new delayed_work(this, () => work(this), 'alua_rtpg_work', { owner: core.alua_mod });
  }
}

/** Kernel: release_port_group(), all versions. Context: may sleep when the worker is queued. */
const release_port_group = kfn('release_port_group', function* (pg: alua_port_group): Steps<void> {
  if ((yield* load(pg, 'rtpg_sdev')) !== null) yield* flush_delayed_work(pg.rtpg_work);
  yield* spin_lock(pg.core.port_group_lock);
  yield* list_del(pg.node);
  yield* spin_unlock(pg.core.port_group_lock);
  yield* kfree_rcu(pg, pg.rcu);
});

/** Drops a reference on the group. Context: any, as long as it is not the last. */
export function* put_pg(pg: alua_port_group): Steps<void> {
  yield* kref_put(pg.kref, () => release_port_group(pg));
}
