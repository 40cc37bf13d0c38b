// SPDX-License-Identifier: GPL-2.0-only
import { KObject, mutex, timer_list, work_struct } from '@libmultipath/driver-kit';
import { nvme_ana_work, nvme_anatt_timeout } from './ana.js';
import type { nvme_ctrl } from './nvme-ctrl.js';

/**
 * What struct nvme_ctrl has for asymmetric namespace access. Made for controllers behind a target: an
 * emulated one never says that it has ANA.
 */
export class nvme_ctrl_ana extends KObject {
  readonly ana_lock: mutex;
  readonly ana_work: work_struct;
  readonly anatt_timer: timer_list;
  /** The buffer; null: no ANA is used. It comes and goes while the controller is identified, and many ask for it. */
  ana_log_buf: 'buffer' | null = null;
  /** What the buffer holds: the log page as it was read last, under `ana_lock`. It is the only table of groups. */
  ana_log: readonly number[] = [];
  ana_log_size = 0;
  anagrpmax = 0;
  nanagrpid = 0;
  /** Seconds within which a group leaves the state change. */
  anatt = 0;

  constructor(ctrl: nvme_ctrl) {
    super(ctrl);
    this.ana_lock = new mutex(this);
    this.ana_work = new work_struct(this, () => nvme_ana_work(ctrl), 'nvme_ana_work');
    this.anatt_timer = new timer_list(this, () => nvme_anatt_timeout(ctrl), 'nvme_anatt_timeout');
  }
}
