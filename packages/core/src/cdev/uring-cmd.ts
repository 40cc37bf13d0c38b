// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, srcu_read_lock, srcu_read_unlock, type io_uring_cmd, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { callbacks } from '../structures/null-pointer.js';
import type { mpath_head_template_base } from '../structures/template-base.js';
import { number_from } from '../structures/ask.js';

/** A template that may pass io_uring commands on. */
export interface template_with_uring_cmd<D extends mpath_device_base> extends mpath_head_template_base<D> {
  readonly chr_uring_cmd?: (dev: D, ioucmd: io_uring_cmd, issue_flags: number) => Steps<number>;
  readonly chr_uring_cmd_iopoll?: (ioucmd: io_uring_cmd, iob: object | null, poll_flags: number) => Steps<number>;
}

/** A head with such a template. */
export type head_with_uring_cmd<D extends mpath_device_base> = mpath_head_base<D> & {
  readonly mpdt: template_with_uring_cmd<D> | null;
};

/**
 * Kernel: `mpath_chr_uring_cmd()`, v3 patch 07, v2 patch 06. Context: may sleep unless the flags say otherwise.
 * @returns what the driver gave; -EINVAL without a path, then -EOPNOTSUPP without the callback
 */
export const make_chr_uring_cmd = <D extends mpath_device_base, H extends head_with_uring_cmd<D>>(
  mpath_find_path: (head: H) => Steps<D | null>,
) =>
  kfn('mpath_chr_uring_cmd', function* (head: H, ioucmd: io_uring_cmd, issue_flags: number): Steps<number> {
    const { chr_uring_cmd } = callbacks<template_with_uring_cmd<D>>(head);
    const idx = yield* srcu_read_lock(head.srcu);
    const dev = yield* mpath_find_path(head);
    let ret = -E.EINVAL;
    if (dev !== null)
      ret =
        chr_uring_cmd === undefined
          ? -E.EOPNOTSUPP
          : yield* number_from('chr_uring_cmd', chr_uring_cmd(dev, ioucmd, issue_flags));
    yield* srcu_read_unlock(head.srcu, idx);
    return ret;
  });

/**
 * Without a look at any path, and outside of SRCU.
 * Kernel: `mpath_chr_uring_cmd_iopoll()`, v3 patch 07, v2 and v1 patch 06. Context: as the ring polls.
 * @returns what the driver gave; -EOPNOTSUPP without the callback
 */
export const make_chr_uring_cmd_iopoll = <D extends mpath_device_base, H extends head_with_uring_cmd<D>>() =>
  kfn(
    'mpath_chr_uring_cmd_iopoll',
    function* (head: H, ioucmd: io_uring_cmd, iob: object | null, poll_flags: number): Steps<number> {
      const { chr_uring_cmd_iopoll } = callbacks<template_with_uring_cmd<D>>(head);
      return chr_uring_cmd_iopoll === undefined
        ? -E.EOPNOTSUPP
        : yield* number_from('chr_uring_cmd_iopoll', chr_uring_cmd_iopoll(ioucmd, iob, poll_flags));
    },
  );
