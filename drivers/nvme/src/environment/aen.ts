// SPDX-License-Identifier: GPL-2.0-only
import { dev_warn, kfn, queue_work, set_bit, type Steps } from '@libmultipath/driver-kit';
import { nvme_ctrl_use_ana } from './ana.js';
import { NVME_AER_NOTICE_ANA, NVME_AER_NOTICE_NS_CHANGED } from './constants.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { nvme_queue_scan } from './start-ctrl.js';

/**
 * A notice of the device. Of those that multipath does not look at, nothing follows here.
 * Kernel: nvme_handle_aen_notice(), called by nvme_complete_async_event(), all versions. Context: any.
 */
export const nvme_handle_aen_notice = kfn(
  'nvme_handle_aen_notice',
  function* (ctrl: nvme_ctrl, notice: number): Steps<void> {
    switch (notice) {
      case NVME_AER_NOTICE_NS_CHANGED:
        yield* set_bit(NVME_AER_NOTICE_NS_CHANGED, ctrl, 'events');
        yield* nvme_queue_scan(ctrl);
        return;
      case NVME_AER_NOTICE_ANA:
        if (ctrl.ana !== null && (yield* nvme_ctrl_use_ana(ctrl))) {
          yield* queue_work(ctrl.core.nvme_wq, ctrl.ana.ana_work);
        }
        return;
      default:
        dev_warn(ctrl.device, `async event result ${notice.toString(16).padStart(8, '0')}`);
    }
  },
);
