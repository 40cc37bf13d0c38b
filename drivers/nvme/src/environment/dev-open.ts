// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, module_put, READ_ONCE, try_module_get, type Steps } from '@libmultipath/driver-kit';
import { NVME_CTRL_LIVE } from './constants.js';
import { nvme_get_ctrl, nvme_put_ctrl } from './ctrl-reference.js';
import type { nvme_ctrl } from './nvme-ctrl.js';

/**
 * The controller's own character device. Who has it open keeps the controller, and the module of its transport.
 * Kernel: nvme_dev_open(), all versions. Context: may sleep.
 * @returns 0; -EWOULDBLOCK: it is not live; -EINVAL: its module is on its way out
 */
export const nvme_dev_open = kfn('nvme_dev_open', function* (ctrl: nvme_ctrl): Steps<number> {
  if ((yield* READ_ONCE(ctrl, 'state')) !== NVME_CTRL_LIVE) return -E.EAGAIN;
  yield* nvme_get_ctrl(ctrl);
  if (yield* try_module_get(ctrl.core.transport)) return 0;
  yield* nvme_put_ctrl(ctrl);
  return -E.EINVAL;
});

/** Kernel: nvme_dev_release(), all versions. Context: may sleep. */
export const nvme_dev_release = kfn('nvme_dev_release', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* module_put(ctrl.core.transport);
  yield* nvme_put_ctrl(ctrl);
});
