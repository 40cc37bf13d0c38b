// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  bio_queue_enter,
  BLK_STS_OK,
  E,
  kfn,
  makeStep,
  REQ_DRV,
  REQ_FAILFAST_DRIVER,
  REQ_NOWAIT,
  wait_for_completion,
  type Steps,
} from '@libmultipath/driver-kit';
import { dispatch } from '../environment/complete.js';
import {
  NVME_REQ_USERCMD,
  NVME_SC_INVALID_OPCODE,
  NVME_SC_SUCCESS,
  NVME_STATUS_DNR,
  NVME_STATUS_MORE,
} from '../environment/constants.js';
import { nvme_command, nvme_request } from '../environment/request.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import type { nvme_ns_base } from '../environment/nvme-ns.js';
import { nvme_cmd_compare, nvme_cmd_flush, nvme_cmd_read, nvme_cmd_write } from './numbers.js';
import { bufferOf, type user_command } from './user-command.js';

const SECTORS_PER_BLOCK = 8;

/**
 * What is said of a command that nobody knows: "do not retry", and of a target "more", since it writes an entry of its
 * error log. Kernel: nvmet_report_invalid_opcode(), nvmet_set_error().
 */
export const invalid_opcode = ({ slot }: nvme_ctrl): number =>
  NVME_SC_INVALID_OPCODE | NVME_STATUS_DNR | (slot.fabrics === null ? 0 : NVME_STATUS_MORE);

/** What the device does with a user's I/O command: the blocks of 4 KiB that the media knows. */
export function* transfer_of(ns: nvme_ns_base, { opcode }: user_command, slba: number, arg: unknown): Steps<number> {
  const { media } = ns;
  const block = slba / SECTORS_PER_BLOCK;
  const buffer = bufferOf(arg);
  if (opcode === nvme_cmd_flush || opcode === nvme_cmd_compare) return NVME_SC_SUCCESS;
  if (opcode !== nvme_cmd_read && opcode !== nvme_cmd_write) return invalid_opcode(ns.ctrl);
  const isWrite = opcode === nvme_cmd_write;
  yield makeStep('dma', media, `blocks[${String(block)}]`, isWrite ? 'write' : 'read', { ordering: 'full' });
  if (isWrite) media.blocks.set(block, buffer.get());
  else buffer.put(media.blocks.get(block) ?? '');
  return NVME_SC_SUCCESS;
}

/**
 * Gives a passthrough request to a path's queue. Since 7.2 it counts for queue-depth on a path of a multipath head, but
 * it never fails over: it is not to be tried again (`REQ_FAILFAST_DRIVER`).
 * Kernel: nvme_alloc_user_request() with blk_execute_rq_nowait(), all versions.
 * @returns 0, or -errno: the queue does not take it
 */
export function* issue(ns: nvme_ns_base, command: nvme_command, nowait = false): Steps<nvme_request | number> {
  const { core } = ns.ctrl;
  const fromHead = core.parts.passthrough.countsAsMpath && core.mpath.head_disk(ns) !== null;
  const what = new bio({
    bi_opf: REQ_FAILFAST_DRIVER | (fromHead ? REQ_DRV : 0) | (nowait ? REQ_NOWAIT : 0),
    bi_bdev: ns.disk.part0,
  });
  const error = yield* bio_queue_enter(ns.disk.queue, what);
  if (error !== 0) return error;
  const rq = new nvme_request(ns, what, command);
  rq.flags |= NVME_REQ_USERCMD;
  if (rq.isMpath) yield* core.mpath.start_request(rq);
  yield* dispatch(rq);
  return rq;
}

/** Kernel: what nvme_execute_rq() makes of an ended request. Pure. */
export const result_of = ({ status, bio: { bi_status } }: nvme_request): number => {
  if (status !== NVME_SC_SUCCESS) return status;
  return bi_status === BLK_STS_OK ? 0 : -E.EIO;
};

/**
 * Sends a command to the path and waits for it. Kernel: nvme_submit_user_cmd(), nvme_submit_sync_cmd(). Context: may sleep.
 * @returns 0, a positive status of the device, or -errno
 */
export const nvme_submit_sync_cmd = kfn(
  'nvme_submit_sync_cmd',
  function* (ns: nvme_ns_base, opcode: number, execute: () => Steps<number>): Steps<number> {
    const command = new nvme_command(opcode, execute);
    const rq = yield* issue(ns, command);
    if (typeof rq === 'number') return rq;
    yield* wait_for_completion(command.done);
    return result_of(rq);
  },
);
