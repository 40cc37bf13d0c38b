// SPDX-License-Identifier: GPL-2.0-only
import { atomic_inc, type Steps } from '@libmultipath/driver-kit';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_base } from './nvme-ns.js';

/** Nothing is counted before 7.2. */
export function* count_nothing_of_path(): Steps<void> {}

/** Part of nvme_retry_req(), 7.2 and 7.3. */
export const count_retry_7_2 = (ns: nvme_ns_base): Steps<void> => atomic_inc(ns.retries);

/** Part of nvme_end_req(), 7.2 and 7.3. */
export const count_error_7_2 = (ns: nvme_ns_base): Steps<void> => atomic_inc(ns.errors);

/** Up to 7.1: resets are not counted. */
export function* count_no_reset_6_1(): Steps<void> {}

/** Part of nvme_change_ctrl_state(), 7.2 and 7.3. Context: `ctrl->lock` held. */
export const count_reset_7_2 = (ctrl: nvme_ctrl): Steps<void> => atomic_inc(ctrl.nr_reset);
