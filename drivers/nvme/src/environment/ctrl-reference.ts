// SPDX-License-Identifier: GPL-2.0-only
import { get_device, put_device, type Steps } from '@libmultipath/driver-kit';
import type { nvme_ctrl } from './nvme-ctrl.js';

/** Kernel: nvme_get_ctrl(). */
export const nvme_get_ctrl = (ctrl: nvme_ctrl): Steps<void> => get_device(ctrl.device);

/** Kernel: nvme_put_ctrl(). Context: may sleep. */
export const nvme_put_ctrl = (ctrl: nvme_ctrl): Steps<void> => put_device(ctrl.device);
