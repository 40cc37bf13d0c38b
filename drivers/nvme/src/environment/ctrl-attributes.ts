// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  currentMachine,
  E,
  kstrtobool,
  kstrtoint,
  kstrtouint,
  load,
  READ_ONCE,
  store,
  test_bit,
  type attribute,
  type attribute_group,
  type Steps,
} from '@libmultipath/driver-kit';
import { counter_attribute } from './attributes.js';
import { FIRMWARE } from './controller-identity.js';
import { NVME_CTRL_STARTED_ONCE, nvme_ctrl_state_names } from './constants.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvmf_ctrl } from './nvmf-ctrl.js';
import { nvme_reset_ctrl_sync } from './reset-ctrl.js';
import { nvme_queue_scan } from './start-ctrl.js';

const shows = (show: () => Steps<string>): attribute => ({ mode: 0o444, show });

/** An attribute whose text nothing changes. */
export const shown = (text: () => string): attribute =>
  shows(function* () {
    return `${text()}\n`;
  });

/** Of an emulated controller, of which the driver takes 1,024 entries, and of a connection, which asks for 128. */
const PCI_SQSIZE = 1_023;
const TCP_SQSIZE = 127;
const KATO_SECS = 5;

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

/** CONFIG_HZ of the distribution's kernels: a timeout is kept in ticks. */
const HZ = 250;
const MS_PER_TICK = 1_000 / HZ;

/** A time in milliseconds, rounded up to whole ticks; EINVAL for 0, EBUSY before the controller was live once. */
const timeout = (ctrl: nvme_ctrl, field: 'io_timeout' | 'admin_timeout'): attribute => ({
  mode: 0o644,
  *show() {
    return `${String((yield* load(ctrl, field)) * MS_PER_TICK)}\n`;
  },
  *store(buf) {
    if (!(yield* test_bit(NVME_CTRL_STARTED_ONCE, ctrl, 'flags'))) return -E.EBUSY;
    const timeoutMs = kstrtouint(buf, 10);
    if (timeoutMs <= 0) return -E.EINVAL;
    yield* store(ctrl, field, Math.ceil(timeoutMs / MS_PER_TICK));
    return buf.length;
  },
});

/** Attempts so far, also those under way; a write leaves the latter. Kernel: reconnect_count_show(), since 7.2. */
const reconnect_count = (opts: nvmf_ctrl | null): attribute => {
  if (opts === null) return { mode: 0o644 };
  const counter = counter_attribute(opts.acc_reconnects);
  return {
    ...counter,
    *show() {
      const before = yield* atomic_read(opts.acc_reconnects);
      return `${String(before + (yield* load(opts, 'nr_reconnects')))}\n`;
    },
  };
};

/** Those that came later, by name. */
const later = {
  passthru_err_log_enabled: (ctrl: nvme_ctrl): attribute => ({
    mode: 0o644,
    *show() {
      return (yield* load(ctrl, 'passthru_err_log_enabled')) ? 'on\n' : 'off\n';
    },
    *store(buf) {
      const value = kstrtobool(buf);
      if (typeof value === 'number') return -E.EINVAL;
      yield* store(ctrl, 'passthru_err_log_enabled', value);
      return buf.length;
    },
  }),
  quirks: (ctrl: nvme_ctrl) => shown(() => (ctrl.slot.target === null ? 'bogus_nid' : 'none')),
  io_timeout: (ctrl: nvme_ctrl) => timeout(ctrl, 'io_timeout'),
  admin_timeout: (ctrl: nvme_ctrl) => timeout(ctrl, 'admin_timeout'),
  'diag/command_error_count': (ctrl: nvme_ctrl) => counter_attribute(ctrl.errors),
  'diag/reset_count': (ctrl: nvme_ctrl) => counter_attribute(ctrl.nr_reset),
  'diag/reconnect_count': (ctrl: nvme_ctrl) => reconnect_count(ctrl.opts),
} as const satisfies Readonly<Record<string, (ctrl: nvme_ctrl) => attribute>>;

/** An attribute of a controller that only some kernels have; of a group where it has a slash. */
export type CtrlAttribute = keyof typeof later;

export const ctrl_attributes_6_1: readonly CtrlAttribute[] = [];
export const ctrl_attributes_6_9: readonly CtrlAttribute[] = ['passthru_err_log_enabled'];
export const ctrl_attributes_7_2: readonly CtrlAttribute[] = [
  ...ctrl_attributes_6_9,
  'quirks',
  'io_timeout',
  'admin_timeout',
  'diag/command_error_count',
  'diag/reset_count',
  'diag/reconnect_count',
];

/** Only a connection has it. */
const OF_CONNECTIONS: readonly CtrlAttribute[] = ['diag/reconnect_count'];

const DIAG = 'diag/';

/**
 * What sysfs shows of a controller. (`delete_controller` removes itself first, for which the simulated sysfs has no
 * call; keys and host names of a connection are left out.)
 * Kernel: nvme_dev_attr_groups, all versions.
 */
export const ctrl_groups = (ctrl: nvme_ctrl): readonly attribute_group[] => {
  const { slot } = ctrl;
  const names = ctrl.core.parts.ctrl_attributes.filter((name) => ctrl.opts !== null || !OF_CONNECTIONS.includes(name));
  const made = (wanted: readonly CtrlAttribute[]): Record<string, attribute> =>
    Object.fromEntries(wanted.map((name) => [name.replace(DIAG, ''), later[name](ctrl)]));
  const diag = names.filter((name) => name.startsWith(DIAG));
  const own: attribute_group = {
    attrs: {
      firmware_rev: shows(function* () {
        return FIRMWARE;
      }),
      model: shown(() => slot.texts.model),
      serial: shown(() => slot.texts.serial),
      subsysnqn: shown(() => slot.subsystem.subnqn),
      cntlid: shown(() => String(slot.cntlid)),
      cntrltype: shown(() => 'io'),
      dctype: shown(() => 'none'),
      kato: shown(() => String(slot.fabrics === null ? 0 : KATO_SECS)),
      // The admin queue, and one for each CPU.
      queue_count: shown(() => String(1 + currentMachine().numa.cpuNodes.length)),
      sqsize: shown(() => String(slot.fabrics === null ? PCI_SQSIZE : TCP_SQSIZE)),
      state: shows(function* () {
        return `${nvme_ctrl_state_names[yield* READ_ONCE(ctrl, 'state')] ?? 'unknown state'}\n`;
      }),
      numa_node: shown(() => String(ctrl.numa_node)),
      transport: shown(() => (ctrl.opts === null ? 'pcie' : 'tcp')),
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
      ...made(names.filter((name) => !name.startsWith(DIAG))),
    },
  };
  return diag.length === 0 ? [own] : [own, { name: 'diag', attrs: made(diag) }];
};
