// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { file, type file_operations } from '../cdev/file.js';
import { inode } from '../cdev/inode.js';
import { E } from '../errno/errno.js';
import type { Steps } from '../step.js';
import { one } from '../testing/one.js';
import { everySchedule } from '../testing/run.js';
import {
  io_do_iopoll,
  io_uring_cmd_done,
  io_uring_submit_cmd,
  io_uring_wait_cqe,
  IO_URING_F_IOPOLL,
  IO_URING_F_NONBLOCK,
} from './uring-cmd.js';

const fileOf = (f_op: file_operations): file => {
  const f = new file(new inode(1), 3);
  f.f_op = f_op;
  return f;
};

const result = function* (f_op: file_operations, iopoll = false): Steps<number> {
  return yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(fileOf(f_op), 1, 'cmd', iopoll));
};

it('completes with what the method gave; without it EOPNOTSUPP, as a polled ring without the other one', () => {
  const { reports } = one(function* () {
    const uring_cmd = function* (): Steps<number> {
      return 7;
    };
    expect(yield* result({})).toBe(-95);
    expect(yield* result({ uring_cmd })).toBe(7);
    expect(yield* result({ uring_cmd }, true)).toBe(-95);
    expect(yield* result({ uring_cmd, uring_cmd_iopoll: uring_cmd }, true)).toBe(7);
  });
  expect(reports).toEqual([]);
});

it('asks again where it may wait when the first call would have to', () => {
  const flags: number[] = [];
  one(function* () {
    const again = (times: number): file_operations => ({
      *uring_cmd(_ioucmd, issue_flags) {
        flags.push(issue_flags);
        return flags.length <= times ? -E.EAGAIN : 0;
      },
      *uring_cmd_iopoll() {
        return 0;
      },
    });
    expect(yield* result(again(1))).toBe(0);
    expect(flags).toEqual([IO_URING_F_NONBLOCK, 0]);
    flags.length = 0;
    expect(yield* result(again(9), true)).toBe(-11);
    expect(flags).toEqual([IO_URING_F_NONBLOCK + IO_URING_F_IOPOLL, IO_URING_F_IOPOLL]);
  });
});

it('polls by the method, and completes once from there', () => {
  const { reports } = one(function* () {
    const f = fileOf({
      *uring_cmd() {
        return -E.EIOCBQUEUED;
      },
      *uring_cmd_iopoll(ioucmd, iob, poll_flags) {
        expect([iob, poll_flags, ioucmd.cmd_op, ioucmd.cmd]).toEqual([null, 2, 1, 'cmd']);
        yield* io_uring_cmd_done(ioucmd, 3, 4);
        return 1;
      },
    });
    const ioucmd = yield* io_uring_submit_cmd(f, 1, 'cmd', true);
    expect(yield* io_do_iopoll(ioucmd, 2)).toBe(1);
    expect(ioucmd.res2).toBe(4);
    expect([yield* io_uring_wait_cqe(ioucmd), ioucmd.alloc.freed, f.f_count.refcount.refs]).toEqual([3, true, 1]);
    expect(yield* io_do_iopoll(yield* io_uring_submit_cmd(fileOf({}), 1, 0))).toBe(-95);
  });
  expect(reports).toEqual([]);
});

it('reports a second completion, and one after the command is gone', () => {
  const { machine, reports } = one(function* () {
    const queued: file_operations = {
      *uring_cmd(ioucmd) {
        yield* io_uring_cmd_done(ioucmd, 1);
        return 0;
      },
    };
    const ioucmd = yield* io_uring_submit_cmd(fileOf(queued), 1, 0);
    expect(yield* io_uring_wait_cqe(ioucmd)).toBe(1);
    yield* io_uring_cmd_done(ioucmd, 1);
  });
  expect(reports).toEqual([
    'duplicate-completion: WARNING: io_req_set_res: io_uring_cmd#1 was completed before',
    'use-after-free: KASAN: slab-use-after-free in fn',
  ]);
  expect(machine.reports[0]?.others.map(({ role }) => role)).toEqual(['allocated by', 'completed by']);
});

it('waits for a completion from elsewhere, in every schedule', () => {
  everySchedule(
    (machine) => {
      machine.spawn('t', function* () {
        const f = fileOf({
          *uring_cmd(ioucmd) {
            machine.spawn('irq', () => io_uring_cmd_done(ioucmd, 5), { kind: 'irq' });
            return -E.EIOCBQUEUED;
          },
        });
        expect(yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(f, 1, 0))).toBe(5);
      });
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
});
