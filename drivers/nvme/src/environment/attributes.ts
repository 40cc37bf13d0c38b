// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  atomic_set,
  E,
  kstrtoull,
  load,
  type atomic_t,
  type attribute,
  type Steps,
} from '@libmultipath/driver-kit';
import { plain_ana_state } from './ana-state.js';
import { nvme_ana_state_names } from './constants.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_base } from './nvme-ns.js';

/** Attributes of head and path alike, beside the identifiers. Kernel: 6.1. */
export const disk_attributes_6_1: readonly string[] = ['wwid', 'nsid'];

/** As above. Kernel: 6.9 and later. */
export const disk_attributes_6_9: readonly string[] = [
  ...disk_attributes_6_1,
  'csi',
  'metadata_bytes',
  'nuse',
  'passthru_err_log_enabled',
];

/**
 * A counter of 64 bits that can be read and set, as those under `diag/`. (Beyond 2^53 the model's loses digits.)
 * Errors: EINVAL for anything but a number, also for one that is too large.
 */
export const counter_attribute = (counter: atomic_t): attribute => ({
  mode: 0o644,
  *show() {
    return `${String(yield* atomic_read(counter))}\n`;
  },
  *store(buf) {
    const value = kstrtoull(buf);
    if (value < 0n) return -E.EINVAL;
    yield* atomic_set(counter, Number(value));
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

/**
 * What a path of a controller with ANA shows besides; nothing of another.
 * Kernel: ana_state_show(), ana_grpid_show(), all versions. They take no lock. Pure: asked while the path's disk is added.
 */
export const ana_attributes = (ns: nvme_ns_base, { read } = plain_ana_state): Record<string, attribute> => {
  const { ana } = ns.ctrl;
  if (ana === null || ana.ana_log_buf === null) return {};
  return {
    ana_grpid: {
      mode: 0o444,
      *show() {
        return `${String(yield* load(ns, 'ana_grpid'))}\n`;
      },
    },
    ana_state: {
      mode: 0o444,
      *show() {
        return `${nvme_ana_state_names[yield* read(ns)] ?? '(null)'}\n`;
      },
    },
  };
};
