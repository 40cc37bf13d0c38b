// SPDX-License-Identifier: GPL-2.0-only
import { E, type pr_ops, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { attach, plainUnit, qemuNexus, type Attached } from '../../testing/arrays.js';
import { scsiRun } from '../../testing/scsi-run.js';
import { scsi_remove_host } from '../add-host.js';
import { PR_STS_RESERVATION_CONFLICT } from './sd-pr.js';

/** enum pr_type. */
const PR_WRITE_EXCLUSIVE = 1;

type Preempt = (key: number, other: number, abort: boolean) => Steps<number>;

interface Ends {
  /** Registers with a key. */
  readonly register: (key: number) => Steps<number>;
  readonly reserve: (key: number) => Steps<number>;
  readonly release: (key: number) => Steps<number>;
  readonly preempt: Preempt;
}

function* absent(): Steps<number> {
  return -E.EOPNOTSUPP;
}

/** The methods of a path's own disk. */
const endsOf = ({ sdev }: Attached): Ends => {
  const disk = sdev.sdkp?.disk;
  if (disk === undefined) throw new Error('there is no disk');
  const ops: pr_ops = disk.fops.pr_ops ?? {};
  const { part0 } = disk;
  return {
    register: (key) => ops.pr_register?.(part0, 0, key, 0) ?? absent(),
    reserve: (key) => ops.pr_reserve?.(part0, key, PR_WRITE_EXCLUSIVE, 0) ?? absent(),
    release: (key) => ops.pr_release?.(part0, key, PR_WRITE_EXCLUSIVE) ?? absent(),
    preempt: (key, other, abort) => ops.pr_preempt?.(part0, key, other, PR_WRITE_EXCLUSIVE, abort) ?? absent(),
  };
};

/** Two ways to one unit, each registered with a key of its own. */
const withTwo = <T>(body: (a: Ends, b: Ends) => Steps<T>): T => {
  const { value, reports } = scsiRun(function* (core) {
    const unit = plainUnit();
    const [a, b] = [yield* attach(core, qemuNexus(unit)), yield* attach(core, qemuNexus(unit))];
    const [one, two] = [endsOf(a), endsOf(b)];
    expect([yield* one.register(1), yield* two.register(2)]).toEqual([0, 0]);
    const result = yield* body(one, two);
    for (const { shost } of [a, b]) yield* scsi_remove_host(shost);
    return result;
  });
  expect(reports).toEqual([]);
  return value;
};

test.each([false, true])('a preempt takes reservation and registration from who had them (abort: %s)', (abort) => {
  const seen = withTwo(function* (a, b) {
    return {
      reserved: yield* a.reserve(1),
      refused: yield* b.reserve(2),
      preempted: yield* b.preempt(2, 1, abort),
      again: yield* b.reserve(2),
      late: yield* a.release(1),
    };
  });
  expect(seen).toEqual({
    reserved: 0,
    refused: PR_STS_RESERVATION_CONFLICT,
    preempted: 0,
    again: 0,
    late: PR_STS_RESERVATION_CONFLICT,
  });
});

test('a preempt of one who holds nothing takes the registration alone', () => {
  const seen = withTwo(function* (a, b) {
    const reserved = yield* a.reserve(1);
    const preempted = yield* a.preempt(1, 2, false);
    return [reserved, preempted, yield* b.release(2), yield* a.release(1)];
  });
  expect(seen).toEqual([0, 0, PR_STS_RESERVATION_CONFLICT, 0]);
});

test('a preempt of a key that nobody has is a conflict, of no key an invalid field', () => {
  expect(
    withTwo(function* (a) {
      return [yield* a.preempt(1, 7, false), yield* a.preempt(1, 0, false)];
    }),
  ).toEqual([PR_STS_RESERVATION_CONFLICT, -E.EINVAL]);
});
