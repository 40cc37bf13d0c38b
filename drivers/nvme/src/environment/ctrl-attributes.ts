// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kstrtoint,
  kstrtouint,
  READ_ONCE,
  type attribute,
  type attribute_group,
  type Steps,
} from '@libmultipath/driver-kit';
import { counter_attribute } from './attributes.js';
import { count_reset_7_2 } from './counters.js';
import { nvme_ctrl_state_names } from './constants.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvmf_ctrl } from './nvmf-ctrl.js';
import { nvme_reset_ctrl_sync } from './reset-ctrl.js';
import { nvme_queue_scan } from './start-ctrl.js';

const shows = (show: () => Steps<string>): attribute => ({ mode: 0o444, show });

const seconds = (value: number): string => (value < 0 ? 'off\n' : `${String(value)}\n`);

/** A decimal number; negative: off. @returns bytes taken or -EINVAL */
const taken = (buf: string, take: (value: number) => void): number => {
  const { error, value } = kstrtoint(buf);
  if (error !== 0) return -E.EINVAL;
  take(value);
  return buf.length;
};

/**
 * The loss time is kept as a number of attempts, so it reads back rounded up to whole delays.
 * Kernel: nvme_ctrl_loss_tmo_show() and its siblings, all versions. They take no lock.
 */
const fabrics = (opts: nvmf_ctrl): Record<string, attribute> => ({
  ctrl_loss_tmo: {
    mode: 0o644,
    *show() {
      return seconds(opts.max_reconnects === -1 ? -1 : opts.max_reconnects * opts.reconnect_delay);
    },
    *store(buf) {
      return taken(buf, (value) => {
        opts.max_reconnects = value < 0 ? -1 : Math.ceil(value / opts.reconnect_delay);
      });
    },
  },
  reconnect_delay: {
    mode: 0o644,
    *show() {
      return seconds(opts.reconnect_delay);
    },
    *store(buf) {
      const value = kstrtouint(buf, 10);
      if (value < 0) return value;
      opts.reconnect_delay = value;
      return buf.length;
    },
  },
  fast_io_fail_tmo: {
    mode: 0o644,
    *show() {
      return seconds(opts.fast_io_fail_tmo);
    },
    *store(buf) {
      return taken(buf, (value) => {
        opts.fast_io_fail_tmo = value < 0 ? -1 : value;
      });
    },
  },
});

/**
 * What sysfs shows of a controller, as far as multipath is concerned. (`delete_controller` removes itself first,
 * for which the simulated sysfs has no call.)
 * Kernel: nvme_dev_attr_groups, all versions.
 */
export const ctrl_groups = (ctrl: nvme_ctrl): readonly attribute_group[] => [
  {
    attrs: {
      state: shows(function* () {
        return `${nvme_ctrl_state_names[yield* READ_ONCE(ctrl, 'state')] ?? 'unknown state'}\n`;
      }),
      numa_node: shows(function* () {
        return `${String(ctrl.numa_node)}\n`;
      }),
      transport: shows(function* () {
        return ctrl.opts === null ? 'pcie\n' : 'tcp\n';
      }),
      reset_controller: {
        mode: 0o200,
        *store(buf) {
          const error = yield* nvme_reset_ctrl_sync(ctrl);
          return error < 0 ? error : buf.length;
        },
      },
      rescan_controller: {
        mode: 0o200,
        *store(buf) {
          yield* nvme_queue_scan(ctrl);
          return buf.length;
        },
      },
      ...(ctrl.opts === null ? {} : fabrics(ctrl.opts)),
    },
  },
  ...(ctrl.core.parts.count_reset === count_reset_7_2
    ? [{ name: 'diag', attrs: { reset_count: counter_attribute(ctrl.nr_reset) } }]
    : []),
];
