// SPDX-License-Identifier: GPL-2.0-only
import { get_file, type file, fput } from '../cdev/file.js';
import { currentMachine } from '../current.js';
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { kfree } from '../memory/alloc.js';
import { checkLive, lifeOf } from '../memory/check.js';
import { KObject, type Where } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { StepOptions, Steps } from '../step.js';

/** Bits of `issue_flags`. The call must not wait: -EAGAIN asks for a second one, from a worker, that may. */
export const IO_URING_F_NONBLOCK = 2 ** 31;
export const IO_URING_F_IOPOLL = 1 << 10;

/** Kernel: struct io_uring_cmd: a command of a ring to a file, kept until its completion was seen. */
export class io_uring_cmd extends KObject {
  /** What it completed with: 0 or more, or -errno. */
  result = 0;
  res2 = 0;
  completed = false;
  #completedBy: Where | undefined = undefined;
  readonly #waitOptions: StepOptions = {
    ordering: 'acquire',
    enabled: () => this.completed || this.alloc.freedAt !== undefined,
  };

  constructor(
    readonly file: file,
    readonly cmd_op: number,
    /** The command's own bytes. */
    readonly cmd: unknown,
    /** The ring was set up with IORING_SETUP_IOPOLL. */
    readonly iopoll: boolean,
  ) {
    super();
  }

  get completedBy(): Where | undefined {
    return this.#completedBy;
  }

  get waitOptions(): StepOptions {
    return this.#waitOptions;
  }

  complete(result: number, res2: number, where: Where): void {
    this.completed = true;
    this.result = result;
    this.res2 = res2;
    this.#completedBy = where;
  }
}

function* finish(op: string, ioucmd: io_uring_cmd, result: number, res2: number): Steps<void> {
  const step = makeStep(op, ioucmd, 'result', 'update', { ordering: 'full' });
  yield step;
  checkLive(ioucmd);
  const machine = currentMachine();
  step.value = result;
  const { completedBy } = ioucmd;
  if (ioucmd.completed && completedBy !== undefined) {
    machine.report('duplicate-completion', `WARNING: ${op}: ${ioucmd.label} was completed before`, ioucmd, [
      ...lifeOf(ioucmd),
      { role: 'completed by', where: completedBy },
    ]);
    return;
  }
  ioucmd.complete(result, res2, machine.here());
}

/**
 * Completes a command for which `uring_cmd` gave -EIOCBQUEUED, once.
 * Kernel: io_uring_cmd_done(). Context: any.
 */
export const io_uring_cmd_done = (ioucmd: io_uring_cmd, ret: number, res2 = 0): Steps<void> =>
  finish('io_uring_cmd_done', ioucmd, ret, res2);

/** One call of the file's method. Kernel: io_uring_cmd(). @returns -EOPNOTSUPP where the file has none */
const call_uring_cmd = kfn('io_uring_cmd', function* (ioucmd: io_uring_cmd, issue_flags: number): Steps<number> {
  const { uring_cmd, uring_cmd_iopoll } = ioucmd.file.f_op;
  if (uring_cmd === undefined) return -E.EOPNOTSUPP;
  if (!ioucmd.iopoll) return yield* uring_cmd(ioucmd, issue_flags);
  if (uring_cmd_iopoll === undefined) return -E.EOPNOTSUPP;
  return yield* uring_cmd(ioucmd, issue_flags + IO_URING_F_IOPOLL);
});

/**
 * Issues a command: once without waiting, and on -EAGAIN once more where it may wait. Any
 * result but -EIOCBQUEUED completes it at once. The file is kept until the completion was seen.
 * Kernel: io_issue_sqe(), io_wq_submit_work(). Context: may sleep.
 */
export const io_uring_submit_cmd = kfn(
  'io_uring_submit_cmd',
  function* (f: file, cmd_op: number, cmd: unknown, iopoll: boolean = false): Steps<io_uring_cmd> {
    yield* get_file(f);
    const ioucmd = new io_uring_cmd(f, cmd_op, cmd, iopoll);
    let result = yield* call_uring_cmd(ioucmd, IO_URING_F_NONBLOCK);
    if (result === -E.EAGAIN) result = yield* call_uring_cmd(ioucmd, 0);
    if (result !== -E.EIOCBQUEUED) yield* finish('io_req_set_res', ioucmd, result, 0);
    return ioucmd;
  },
);

/** Looks for completions of a polled ring. Kernel: io_do_iopoll(). @returns what `uring_cmd_iopoll` gave */
export const io_do_iopoll = kfn(
  'io_do_iopoll',
  function* (ioucmd: io_uring_cmd, poll_flags: number = 0): Steps<number> {
    const { uring_cmd_iopoll } = ioucmd.file.f_op;
    return uring_cmd_iopoll === undefined ? -E.EOPNOTSUPP : yield* uring_cmd_iopoll(ioucmd, null, poll_flags);
  },
);

/**
 * Waits for the completion; then the command is gone, and its use of the file.
 * Kernel: io_cqring_wait(), io_free_req(). Context: may sleep. @returns the command's result
 */
export const io_uring_wait_cqe = kfn('io_uring_wait_cqe', function* (ioucmd: io_uring_cmd): Steps<number> {
  might_sleep('io_cqring_wait', ioucmd);
  const step = makeStep('io_cqring_wait', ioucmd, 'result', 'read', ioucmd.waitOptions);
  yield step;
  checkLive(ioucmd);
  const { result, file: used } = ioucmd;
  step.value = result;
  yield* kfree(ioucmd);
  yield* fput(used);
  return result;
});
