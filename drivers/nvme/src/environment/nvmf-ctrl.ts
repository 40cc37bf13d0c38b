// SPDX-License-Identifier: GPL-2.0-only
import { atomic_t, delayed_work, KObject, work_struct } from '@libmultipath/driver-kit';
import { nvme_failfast_work } from './failfast.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { maxReconnects, type NvmfOptions } from './nvmf-options.js';
import { nvme_do_delete_ctrl, nvme_tcp_error_recovery_work, nvme_tcp_reconnect_ctrl_work } from './tcp.js';

/** `ctrl->opts` of a fabrics controller, with what the transport and core keep for it alone. */
export class nvmf_ctrl extends KObject {
  /** Attempts to connect again; -1: without a limit. */
  max_reconnects: number;
  /** Seconds between two of them. */
  reconnect_delay: number;
  /** Seconds of connecting after which I/O no longer waits; -1: it waits. */
  fast_io_fail_tmo: number;
  /** Attempts since the connection was lost. */
  nr_reconnects = 0;
  /** Attempts that ended with a connection, and those before them. Since 7.2, where it is shown. */
  readonly acc_reconnects = new atomic_t(this);
  readonly failfast_work: delayed_work;
  readonly err_work: work_struct;
  readonly connect_work: delayed_work;
  readonly delete_work: work_struct;

  constructor(ctrl: nvme_ctrl, options: NvmfOptions) {
    super(ctrl);
    this.max_reconnects = maxReconnects(options.ctrlLossTmoSecs, options.reconnectDelaySecs);
    this.reconnect_delay = options.reconnectDelaySecs;
    this.fast_io_fail_tmo = options.fastIoFailTmoSecs;
    this.failfast_work = new delayed_work(this, () => nvme_failfast_work(ctrl), 'nvme_failfast_work');
    this.err_work = new work_struct(this, () => nvme_tcp_error_recovery_work(ctrl), 'nvme_tcp_error_recovery_work');
    this.connect_work = new delayed_work(
      this,
      () => nvme_tcp_reconnect_ctrl_work(ctrl),
      'nvme_tcp_reconnect_ctrl_work',
    );
    this.delete_work = new work_struct(this, () => nvme_do_delete_ctrl(ctrl), 'nvme_delete_ctrl_work');
  }
}
