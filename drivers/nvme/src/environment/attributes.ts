// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  atomic_set,
  E,
  kstrtouint,
  type atomic_t,
  type attribute,
  type Steps,
} from '@libmultipath/driver-kit';
import type { nvme_ctrl } from './nvme-ctrl.js';

/** Attributes of head and path alike, with their mode; the model does not say what is in them. Kernel: 6.1. */
export const disk_attributes_6_1: Readonly<Record<string, number>> = { wwid: 0o444, nsid: 0o444 };

/** As above. Kernel: 6.9 and later. */
export const disk_attributes_6_9: Readonly<Record<string, number>> = {
  ...disk_attributes_6_1,
  csi: 0o444,
  metadata_bytes: 0o444,
  nuse: 0o444,
  passthru_err_log_enabled: 0o644,
};

/** Attributes that are there and say nothing, by name and mode. */
export const silent = (modes: Readonly<Record<string, number>>): Record<string, attribute> =>
  Object.fromEntries(Object.entries(modes).map(([name, mode]) => [name, { mode }]));

/** A counter that can be read and set, as those under `diag/`. Errors: EINVAL for anything but a number. */
export const counter_attribute = (counter: atomic_t): attribute => ({
  mode: 0o644,
  *show() {
    return `${String(yield* atomic_read(counter))}\n`;
  },
  *store(buf) {
    const value = kstrtouint(buf);
    if (value < 0) return -E.EINVAL;
    yield* atomic_set(counter, value);
    return buf.length;
  },
});

/**
 * The controller's count; nothing at all under another policy. Kernel: queue_depth_show(), since 6.15.
 * @param isQueueDepth is the policy queue-depth now?
 */
export const queue_depth_attribute = (ctrl: nvme_ctrl, isQueueDepth: () => Steps<boolean>): attribute => ({
  mode: 0o444,
  *show() {
    if (!(yield* isQueueDepth())) return '';
    return `${String(yield* atomic_read(ctrl.nr_active))}\n`;
  },
});
