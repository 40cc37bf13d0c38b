// SPDX-License-Identifier: GPL-2.0-only
import {
  completion,
  checkLive,
  currentMachine,
  E,
  HZ,
  jiffies,
  kfn,
  makeStep,
  REQ_FAILFAST_DEV,
  REQ_FAILFAST_DRIVER,
  REQ_FAILFAST_TRANSPORT,
  wait_for_completion,
  type Steps,
} from '@libmultipath/driver-kit';
import { blk_mq_run_hw_queue } from './mq.js';
import { blk_mq_insert_request } from './mq-lists.js';
import type { Cdb } from './opcodes.js';
import { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_device } from './scsi-device.js';
import type { scsi_queue } from './scsi-queue.js';
import { scsi_normalize_sense, type scsi_sense_hdr } from './sense.js';

export interface ExecuteOptions {
  /** Seconds that one attempt may take. */
  readonly timeoutS: number;
  /** Local retries after errors of the host. */
  readonly retries: number;
  /** REQ_FAILFAST_…: all three, as a handler's commands have them. */
  readonly failfast?: boolean;
  /** What a command to the device carries. */
  readonly data?: readonly number[];
}

export interface Executed {
  /** The command's result; above 0 an error; or -errno when it was not sent. */
  readonly result: number;
  /** null: no sense, or none that is valid. */
  readonly sshdr: scsi_sense_hdr | null;
  /** What the device sent. */
  readonly data: readonly number[];
}

/** Kernel: blk_queue_enter(): waits while the queue is frozen, unless it is destroyed. @returns 0 or -ENODEV */
function* blk_queue_enter(q: scsi_queue): Steps<number> {
  const enabled = (): boolean => q.mq_freeze_depth === 0 || q.destroyed || q.alloc.freedAt !== undefined;
  const step = makeStep('blk_queue_enter', q, 'q_usage_counter', 'add', { ordering: 'acquire', enabled });
  yield step;
  checkLive(q);
  if (q.destroyed) return -E.ENODEV;
  q.usage++;
  return 0;
}

/**
 * The tag goes back, and with it whoever waited on the stack. Kernel: blk_mq_free_request(). Pure: whoever ended the
 * command has touched it for the last time before its waiter went on, so this comes after every access. What is freed
 * is no part of a state, and there are some fifty commands behind a scan.
 */
const blk_mq_free_request = (cmd: scsi_cmnd, done: completion): void => {
  const freedAt = currentMachine().here();
  cmd.alloc.freedAt = freedAt;
  done.alloc.freedAt = freedAt;
};

const FAILFAST = REQ_FAILFAST_DEV | REQ_FAILFAST_TRANSPORT | REQ_FAILFAST_DRIVER;

/**
 * Sends a command of the kernel's own and waits for its end, in front of everything else in the queue.
 * Kernel: scsi_execute_cmd(), all versions. Context: may sleep.
 */
export const scsi_execute_cmd = kfn(
  'scsi_execute_cmd',
  function* (sdev: scsi_device, cmnd: Cdb, options: ExecuteOptions): Steps<Executed> {
    const q = sdev.request_queue;
    const error = yield* blk_queue_enter(q);
    if (error !== 0) return { result: error, sshdr: null, data: [] };
    const done = new completion();
    const cmd = new scsi_cmnd(sdev, null, done);
    cmd.cmnd = cmnd;
    cmd.quiet = true;
    cmd.allowed = options.retries;
    cmd.timeoutJiffies = options.timeoutS * HZ;
    cmd.jiffies_at_alloc = yield* jiffies();
    cmd.data = options.data ?? [];
    if (options.failfast === true) cmd.cmd_flags = FAILFAST;
    yield* blk_mq_insert_request(q, cmd, true);
    yield* blk_mq_run_hw_queue(q);
    yield* wait_for_completion(done);
    blk_mq_free_request(cmd, done);
    return { result: cmd.result, sshdr: scsi_normalize_sense(cmd.sense_buffer), data: cmd.data };
  },
);
