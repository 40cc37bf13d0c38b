// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_dec_if_positive,
  atomic_inc,
  bio,
  bio_alloc_clone,
  bio_endio,
  bio_put,
  checkPointer,
  E,
  is_mpath_request,
  kfn,
  load,
  v1,
  type block_device,
  type LibV1,
  type pr_ops,
  type Steps,
} from '@libmultipath/driver-kit';
import { isBlocked, isOnline, SDEV_CANCEL, SDEV_RUNNING } from '../environment/device-states.js';
import type { scsi_cmnd } from '../environment/scsi-cmnd.js';
import { scsi_mpath_get_iopolicy } from './library-v1.js';
import { SCMD_MPATH_CNT_ACTIVE } from './accounting.js';
import { scsi_mpath_dev_of, to_scsi_mpath_device } from './scsi-mpath-device.js';
import type { Template } from './template.js';

const stateOf = (dev: v1.mpath_device): Steps<number> => load(to_scsi_mpath_device(dev).sdev, 'sdev_state');

/** A device that is being removed still takes I/O. Kernel: scsi_mpath_is_disabled(), v1. Context: as the library says. */
const is_disabled = kfn('scsi_mpath_is_disabled', function* (dev: v1.mpath_device): Steps<boolean> {
  const state = yield* stateOf(dev);
  return state !== SDEV_RUNNING && state !== SDEV_CANCEL;
});

/** Nobody writes through `available`, so no path is ever available. Kernel: scsi_mpath_available_path(), v1. */
const available_path = kfn('scsi_mpath_available_path', function* (dev: v1.mpath_device): Steps<boolean> {
  const state = yield* stateOf(dev);
  return !isBlocked(state) && isOnline(state);
});

/** Kernel: scsi_mpath_clone_end_io(), v1: a status is the original's, whatever it is. */
function* end_io(clone: bio): Steps<void> {
  const { bi_private: original } = clone;
  if (!(original instanceof bio)) return;
  original.bi_status = clone.bi_status;
  yield* bio_put(clone);
  yield* bio_endio(original);
}

/**
 * It asks for memory without waiting, so that there may be none; the library of v1 does not look.
 * Kernel: scsi_mpath_clone_bio(), v1. @returns null without memory
 */
const clone_bio = kfn('scsi_mpath_clone_bio', function* (original: bio): Steps<bio | null> {
  const clone = yield* bio_alloc_clone(original.bi_bdev, original, { mayFail: 'declared', kind: 'bio' });
  if (clone === null) return null;
  clone.bi_end_io = end_io;
  clone.bi_private = original;
  return clone;
});

/** The path's own method, on its own disk. Kernel: scsi_mpath_ioctl() with sd_mpath_ioctl(), v1. */
const make_bdev_ioctl = (lib: LibV1) =>
  kfn(
    'scsi_mpath_ioctl',
    function* (
      _bdev: block_device,
      dev: v1.mpath_device,
      mode: number,
      cmd: number,
      arg: unknown,
      srcu_idx: number,
    ): Steps<number> {
      const path = to_scsi_mpath_device(dev);
      const head = checkPointer(yield* load(path, 'scsi_mpath_head'), 'mpath_head').mpath_head;
      const disk = checkPointer(yield* load(dev, 'disk'), 'fops');
      const result = yield* disk.fops.ioctl?.(disk.part0, mode, cmd, arg) ?? noMethod();
      if (head instanceof lib.mpath_head) yield* lib.mpath_head_read_unlock(head, srcu_idx);
      return result;
    },
  );

function* noMethod(): Steps<number> {
  return -E.EOPNOTSUPP;
}

/** Each reservation goes to the path that was chosen, as if it were the only one. Kernel: sd_mpath_pr_ops, v1. */
const onPath = <A extends readonly unknown[]>(
  select: (ops: pr_ops) => ((bdev: block_device, ...args: A) => Steps<number>) | undefined,
) =>
  function* (dev: v1.mpath_device, ...args: A): Steps<number> {
    // A step: the removal stores NULL there.
    const disk = checkPointer(yield* load(dev, 'disk'), 'fops');
    const method = select(disk.fops.pr_ops ?? {});
    return yield* method === undefined ? noMethod() : method(disk.part0, ...args);
  };

/** What SCSI gives to the library. Kernel: `smpdt`, v1. */
export const makeTemplateV1 = ({ lib: { mpath_attr_group } }: Template, lib: LibV1): v1.mpath_head_template => ({
  is_disabled,
  *is_optimized(dev) {
    return !(yield* is_disabled(dev));
  },
  *get_access_state(dev) {
    return (yield* is_disabled(dev)) ? v1.MPATH_STATE_INVALID : v1.MPATH_STATE_OPTIMIZED;
  },
  available_path,
  get_iopolicy: scsi_mpath_get_iopolicy,
  clone_bio,
  bdev_ioctl: make_bdev_ioctl(lib),
  pr_ops: {
    pr_register: onPath((ops) => ops.pr_register),
    pr_reserve: onPath((ops) => ops.pr_reserve),
    pr_release: onPath((ops) => ops.pr_release),
    pr_preempt: onPath((ops) => ops.pr_preempt),
    pr_clear: onPath((ops) => ops.pr_clear),
    pr_read_keys: onPath((ops) => ops.pr_read_keys),
    pr_read_reservation: onPath((ops) => ops.pr_read_reservation),
  },
  device_groups: [mpath_attr_group],
});

const counterOf = (cmd: scsi_cmnd) => {
  const path = scsi_mpath_dev_of(cmd.device);
  return path?.mpath_device instanceof v1.mpath_device ? path.mpath_device.nr_active : undefined;
};

/** Counts the command at its path while the policy is queue-depth. Kernel: sd_mpath_start_cmd(), v1. Context: may not sleep. */
export const sd_mpath_start_cmd = kfn(
  'sd_mpath_start_cmd',
  function* ({ lib }: Pick<Template, 'lib'>, cmd: scsi_cmnd): Steps<void> {
    const [counter, path] = [counterOf(cmd), scsi_mpath_dev_of(cmd.device)];
    if (counter === undefined || path === null || !is_mpath_request(cmd)) return;
    const head = checkPointer(yield* load(path, 'scsi_mpath_head'), 'iopolicy');
    if (!(yield* lib.mpath_qd_iopolicy(head.iopolicy))) return;
    yield* atomic_inc(counter);
    cmd.mpath_flags |= SCMD_MPATH_CNT_ACTIVE;
  },
);

/** Kernel: sd_mpath_end_cmd(), v1. Context: any. */
export const sd_mpath_end_cmd = kfn('sd_mpath_end_cmd', function* (cmd: scsi_cmnd): Steps<void> {
  const counter = counterOf(cmd);
  if (counter === undefined || (cmd.mpath_flags & SCMD_MPATH_CNT_ACTIVE) === 0) return;
  yield* atomic_dec_if_positive(counter);
});
