// SPDX-License-Identifier: GPL-2.0-only
import { device_del, get_device, kfn, put_device, type Steps } from '@libmultipath/driver-kit';
import type { nvme_ctrl } from './nvme-ctrl.js';

/** Kernel: nvme_get_ctrl(). */
export const nvme_get_ctrl = (ctrl: nvme_ctrl): Steps<void> => get_device(ctrl.device);

/** Kernel: nvme_put_ctrl(). Context: may sleep. */
export const nvme_put_ctrl = (ctrl: nvme_ctrl): Steps<void> => put_device(ctrl.device);

/** Kernel: nvme_uninit_ctrl(), all versions. Context: may sleep. References: drops that of nvme_init_ctrl(). */
export const nvme_uninit_ctrl = kfn('nvme_uninit_ctrl', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* device_del(ctrl.device);
  yield* nvme_put_ctrl(ctrl);
});
