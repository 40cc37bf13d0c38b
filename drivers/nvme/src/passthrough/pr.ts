// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kfn,
  PR_FL_IGNORE_KEY,
  type block_device,
  type pr_held_reservation,
  type pr_keys,
  type pr_ops,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_SC_SUCCESS } from '../environment/constants.js';
import type { nvme_ns_base } from '../environment/nvme-ns.js';
import type { nvme_reservation } from '../environment/hardware.js';
import { nvme_submit_sync_cmd } from './execute.js';
import { acquire, clear, on_reservation, preempt, register, release } from './reservation.js';

export { nvme_status_to_pr_err, PR_STS_IOERR, PR_STS_PATH_FAILED, PR_STS_RESERVATION_CONFLICT } from './pr-status.js';

const nvme_cmd_resv_register = 0x0d;
const nvme_cmd_resv_report = 0x0e;
const nvme_cmd_resv_acquire = 0x11;
const nvme_cmd_resv_release = 0x15;

/** Kernel: nvme_send_pr_command(), NVMe v2 and v3: always to the path that was given. Context: may sleep. */
function* send(ns: nvme_ns_base, opcode: number, body: (at: nvme_reservation) => number): Steps<number> {
  const result = yield* nvme_submit_sync_cmd(ns, opcode, () =>
    on_reservation(ns.media, `resv ${opcode.toString(16)}`, body),
  );
  return result < 0 ? result : ns.ctrl.core.parts.passthrough.prStatus(result);
}

const isKnown = (flags: number): boolean => (flags & ~PR_FL_IGNORE_KEY) === 0;
const ignores = (flags: number): boolean => (flags & PR_FL_IGNORE_KEY) !== 0;

/** The operations on one path, whoever chose it. Each returns 0, a positive PR_STS_*, or -errno. Context: may sleep. */
export const ns_pr = {
  *register(ns: nvme_ns_base, old_key: number, new_key: number, flags: number): Steps<number> {
    if (!isKnown(flags)) return -E.EOPNOTSUPP;
    return yield* send(ns, nvme_cmd_resv_register, register(old_key, new_key, old_key !== 0, ignores(flags)));
  },
  *reserve(ns: nvme_ns_base, key: number, type: number, flags: number): Steps<number> {
    if (!isKnown(flags)) return -E.EOPNOTSUPP;
    return yield* send(ns, nvme_cmd_resv_acquire, acquire(key, type));
  },
  release: (ns: nvme_ns_base, key: number, type: number): Steps<number> =>
    send(ns, nvme_cmd_resv_release, release(key, type, key === 0)),
  preempt: (ns: nvme_ns_base, old_key: number, new_key: number, type: number): Steps<number> =>
    send(ns, nvme_cmd_resv_acquire, preempt(old_key, new_key, type)),
  clear: (ns: nvme_ns_base, key: number): Steps<number> => send(ns, nvme_cmd_resv_release, clear(key, key === 0)),
  read_keys: (ns: nvme_ns_base, keys: pr_keys): Steps<number> =>
    send(ns, nvme_cmd_resv_report, ({ generation, key }) => {
      keys.generation = generation;
      keys.num_keys = key === 0 ? 0 : 1;
      keys.keys.splice(0, keys.keys.length, ...(key === 0 ? [] : [key]));
      return NVME_SC_SUCCESS;
    }),
  read_reservation: (ns: nvme_ns_base, held: pr_held_reservation): Steps<number> =>
    send(ns, nvme_cmd_resv_report, ({ generation, key, type }) => {
      held.generation = generation;
      if (key !== 0) held.type = type;
      if (type !== 0) held.key = key;
      return NVME_SC_SUCCESS;
    }),
};

/** Of a path's own disk. Kernel: nvme_pr_ops, 6.12 to 7.3. */
export const nvme_pr_ops = (ns: nvme_ns_base): Required<pr_ops> => ({
  pr_register: kfn('nvme_pr_register', (_bdev: block_device, old_key: number, new_key: number, flags: number) =>
    ns_pr.register(ns, old_key, new_key, flags),
  ),
  pr_reserve: kfn('nvme_pr_reserve', (_bdev: block_device, key: number, type: number, flags: number) =>
    ns_pr.reserve(ns, key, type, flags),
  ),
  pr_release: kfn('nvme_pr_release', (_bdev: block_device, key: number, type: number) => ns_pr.release(ns, key, type)),
  pr_preempt: kfn('nvme_pr_preempt', (_bdev: block_device, old_key: number, new_key: number, type: number) =>
    ns_pr.preempt(ns, old_key, new_key, type),
  ),
  pr_clear: kfn('nvme_pr_clear', (_bdev: block_device, key: number) => ns_pr.clear(ns, key)),
  pr_read_keys: kfn('nvme_pr_read_keys', (_bdev: block_device, keys: pr_keys) => ns_pr.read_keys(ns, keys)),
  pr_read_reservation: kfn('nvme_pr_read_reservation', (_bdev: block_device, held: pr_held_reservation) =>
    ns_pr.read_reservation(ns, held),
  ),
});
