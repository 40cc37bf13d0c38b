// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_path_error,
  BLK_STS_OK,
  complete,
  completion,
  currentMachine,
  type gendisk,
  msleep,
  settle,
  type Steps,
  sysfs_write,
  wait_for_completion,
} from '@libmultipath/driver-kit';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { scsi_remove_host } from '../environment/add-host.js';
import { ARMED, completionTable } from '../environment/completion-table.js';
import { scsi_device_block, scsi_internal_device_unblock } from '../environment/device-state.js';
import { SDEV_RUNNING, SDEV_TRANSPORT_OFFLINE } from '../environment/device-states.js';
import { scsi_execute_cmd } from '../environment/execute.js';
import { inject } from '../environment/hardware/change.js';
import { PERSISTENT_RESERVE_IN, PERSISTENT_RESERVE_OUT, testUnitReady } from '../environment/opcodes.js';
import { scsi_remove_device } from '../environment/remove-device.js';
import { DID_OK, host_byte } from '../environment/status-codes.js';
import { attach, plainUnit, qemuNexus, type Attached } from '../testing/arrays.js';
import { attachTwo } from '../testing/mpath-paths.js';
import {
  headDisk,
  messages,
  mpathRun,
  libraryHead,
  onlyHead,
  type MpathRun,
  type MpathWorld,
} from '../testing/mpath-run.js';
import { transferDisk, type Ended } from '../testing/read-block.js';
import { fixedTemplateParts, templatePartsWith, templateRemedies } from './remedies.js';
import { v3TemplateParts, type TemplateParts } from './parts.js';

type Pair = readonly [Attached, Attached];

/** With two paths, and nothing left after. */
const withTwo = <T>(body: (paths: Pair, world: MpathWorld) => Steps<T>, parts: TemplateParts): MpathRun<T> =>
  mpathRun(
    function* (world) {
      const { first, second } = yield* attachTwo(world);
      const paths: Pair = [first, second];
      const value = yield* body(paths, world);
      for (const { shost } of paths) yield* scsi_remove_host(shost);
      return value;
    },
    { parts },
  );

/** A read of the multipath disk in a task of its own. */
class Reader {
  readonly done = new completion();
  ended: Ended | undefined = undefined;

  constructor(world: MpathWorld, name = 'reader') {
    const disk = headDisk(world);
    currentMachine().spawn(name, () => this.read(disk));
  }

  *read(disk: gendisk): Steps<void> {
    this.ended = yield* transferDisk(disk);
    yield* complete(this.done);
  }

  *result(): Steps<Ended> {
    yield* wait_for_completion(this.done);
    if (this.ended === undefined) throw new Error('nothing was read');
    return this.ended;
  }
}

test.each(completionTable.map((row) => [row.name, row] as const))(
  '%s on the first of two paths: tried again on that path until it ends well, or the error of the path',
  (_name, row) => {
    const { value, reports } = withTwo(function* ([first], world) {
      yield* inject(first.sdev.nexus, row.completion, ARMED);
      const { status, errno } = yield* transferDisk(headDisk(world));
      const attempts = ARMED - first.sdev.nexus.injected.length;
      first.sdev.nexus.injected.length = 0;
      return { status, errno, attempts };
    }, fixedTemplateParts);
    const last = row.pathError
      ? { status: BLK_STS_OK, errno: 0, attempts: row.becomes === 'offline' ? row.attempts : ARMED }
      : { status: row.status, errno: row.errno, attempts: row.attempts };
    expect(value).toEqual(last);
    expect(messages(reports)).toEqual([]);
  },
);

describe('a path that is lost', () => {
  it('gives its reads to the other one, with their data, when its transport gives up', () => {
    const { value, reports } = withTwo(function* ([first], world) {
      yield* transferDisk(headDisk(world), 'written');
      yield* scsi_device_block(first.sdev);
      const before = libraryHead(world).requeue_no_usable_path_cnt.counter;
      // The second path serves what comes now, whatever becomes of the first.
      const meanwhile = yield* transferDisk(headDisk(world));
      yield* scsi_internal_device_unblock(first.sdev, SDEV_TRANSPORT_OFFLINE);
      const later = yield* transferDisk(headDisk(world));
      return [before, meanwhile.data, later.data];
    }, fixedTemplateParts);
    expect(value).toEqual([0, 'written', 'written']);
    expect(messages(reports)).toEqual([]);
  });

  it('a read that is in its queue when the transport gives up ends on the other', () => {
    const { value, reports } = withTwo(function* ([first], world) {
      yield* transferDisk(headDisk(world), 'written');
      yield* inject(first.sdev.nexus, { status: 0x08 });
      const reader = new Reader(world);
      yield* scsi_device_block(first.sdev);
      yield* msleep(10);
      yield* scsi_internal_device_unblock(first.sdev, SDEV_TRANSPORT_OFFLINE);
      yield* settle();
      first.sdev.nexus.injected.length = 0;
      return reader.ended?.data;
    }, fixedTemplateParts);
    expect(value).toBe('written');
    expect(messages(reports)).toEqual([]);
  });
});

describe('a failed clone on v3', () => {
  const failOnce = (parts: TemplateParts, policy = 'numa\n'): MpathRun<unknown> =>
    mpathRun(
      function* (world) {
        const { first, second } = yield* attachTwo(world);
        const paths: Pair = [first, second];
        yield* sysfs_write(onlyHead(world).dev.kobj, 'iopolicy', policy);
        yield* transferDisk(headDisk(world));
        yield* inject(paths[0].sdev.nexus, { status: 0x02, sense: [0x05, 0x25, 0x00] });
        const { result } = yield* transferDisk(headDisk(world));
        for (const { shost } of paths) yield* scsi_remove_host(shost);
        yield* settle();
        return { result, freed: paths.map(({ sdev }) => sdev.alloc.freed) };
      },
      { parts },
    );

  it('waits for a grace period in the interrupt when its path was the chosen one', () => {
    const { value, reports } = failOnce(templatePartsWith(['failover-takes-no-reference']));
    expect(value).toMatchObject({ result: 'ok' });
    expect(messages(reports)).toEqual(['BUG: sleeping function called from invalid context: synchronize_srcu']);
    const queueDepth = failOnce(templatePartsWith(['failover-takes-no-reference']), 'queue-depth\n');
    expect(messages(queueDepth.reports)).toEqual([]);
  });

  it('keeps a reference on the device, which is then never freed', () => {
    const kept = failOnce(templatePartsWith(['failover-does-not-wait'])).value;
    expect(kept).toEqual({ result: 'ok', freed: [false, true] });
    expect(failOnce(fixedTemplateParts).value).toEqual({ result: 'ok', freed: [true, true] });
    expect(messages(failOnce(fixedTemplateParts).reports)).toEqual([]);
  });
});

describe('queue depth', () => {
  /** Counts of both hosts while one read waits, and after; each attempt that `completion` fails is one more dispatch. */
  const depths = (parts: TemplateParts): unknown =>
    withTwo(function* ([first, second], world) {
      const count = (): number[] => [first, second].map(({ shost }) => shost.mpath_nr_active.counter);
      yield* transferDisk(headDisk(world));
      const counts = [count()];
      yield* sysfs_write(onlyHead(world).dev.kobj, 'iopolicy', 'queue-depth\n');
      yield* transferDisk(headDisk(world));
      counts.push(count());
      yield* inject(first.sdev.nexus, { status: 0x08 }, 3);
      yield* transferDisk(headDisk(world));
      counts.push(count());
      return counts;
    }, parts).value;

  it('counts per host while the policy is queue-depth, and on v3 each retry for good', () => {
    expect(depths(templatePartsWith(['retry-counts-once']))).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(depths(v3TemplateParts)).toEqual([
      [0, 0],
      [0, 0],
      [3, 0],
    ]);
  });

  it('keeps the count of a command that its queue fails: such a one does not come by scsi_end_request()', () => {
    const { value } = withTwo(function* ([first], world) {
      yield* sysfs_write(onlyHead(world).dev.kobj, 'iopolicy', 'queue-depth\n');
      yield* inject(first.sdev.nexus, { status: 0x08 });
      const reader = new Reader(world);
      yield* settle();
      yield* scsi_device_block(first.sdev);
      yield* scsi_internal_device_unblock(first.sdev, SDEV_TRANSPORT_OFFLINE);
      const { result } = yield* reader.result();
      return { result, count: first.shost.mpath_nr_active.counter };
    }, fixedTemplateParts);
    expect(value).toEqual({ result: 'ok', count: 1 });
  });

  it('counts what is in flight', () => {
    const { value } = withTwo(function* ([first, second], world) {
      yield* sysfs_write(onlyHead(world).dev.kobj, 'iopolicy', 'queue-depth\n');
      yield* inject(first.sdev.nexus, 'no answer');
      const reader = new Reader(world);
      yield* settle();
      const counts = [first, second].map(({ shost }) => shost.mpath_nr_active.counter);
      const other = yield* transferDisk(headDisk(world));
      return [counts, other.result, (yield* reader.result()).result];
    }, fixedTemplateParts);
    expect(value).toEqual([[1, 0], 'ok', 'ok']);
  });
});

describe('persistent reservations', () => {
  it.each([PERSISTENT_RESERVE_IN, PERSISTENT_RESERVE_OUT])(
    'opcode %i is refused by a path, and sent to any other device',
    (opcode) => {
      const send = (multipath: string): unknown =>
        mpathRun(
          function* (world) {
            const { shost, sdev } = yield* attach(world.core, qemuNexus(plainUnit()));
            const reserve = [opcode, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            const answer = yield* scsi_execute_cmd(sdev, reserve, { timeoutS: 1, retries: 0 });
            const { result } = yield* scsi_execute_cmd(sdev, testUnitReady, { timeoutS: 1, retries: 0 });
            yield* scsi_remove_host(shost);
            return { reached: host_byte(answer.result) === DID_OK, others: result };
          },
          { multipath },
        ).value;
      // The device answers, whatever it thinks of the parameters.
      expect(send('off')).toEqual({ reached: true, others: 0 });
      expect(send('always')).toEqual({ reached: false, others: 0 });
    },
  );
});

describe('all paths blocked', () => {
  const parked = (parts: TemplateParts): unknown =>
    withTwo(function* (paths, world) {
      for (const { sdev } of paths) yield* scsi_device_block(sdev);
      const reader = new Reader(world);
      yield* msleep(10);
      for (const { sdev } of paths) yield* scsi_internal_device_unblock(sdev, SDEV_RUNNING);
      yield* msleep(600_000);
      const waits = reader.ended === undefined;
      const count = libraryHead(world).requeue_no_usable_path_cnt.counter;
      // A path that comes wakes it.
      yield* scsi_remove_device(paths[1].sdev);
      const back = yield* attach(world.core, qemuNexus(paths[0].sdev.nexus.unit));
      yield* settle();
      const result = reader.ended?.result;
      yield* scsi_remove_host(back.shost);
      return { waits, count, result };
    }, parts).value;

  it('parks a read, and on v3 nobody wakes it when a path runs again', () => {
    const others = templateRemedies.map(({ name }) => name).filter((name) => name !== 'running-path-kicks');
    expect(parked(templatePartsWith(others))).toEqual({ waits: true, count: 1, result: 'ok' });
  });

  it('goes on with the remedy', () => {
    expect(parked(fixedTemplateParts)).toEqual({ waits: false, count: 1, result: 'ok' });
  });
});

describe('any sequence of failures', () => {
  const ends = completionTable.filter(({ becomes }) => becomes === undefined);
  const failures = fc.array(fc.constantFrom(...ends), { maxLength: 6 });
  const policies = fc.constantFrom('numa', 'round-robin', 'queue-depth');

  it('ends each read once, with data or with an error that is not the path’s, and leaves nothing', () => {
    const space = fc.tuple(failures, failures, policies, fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(space, ([onFirst, onSecond, policy, reads]) => {
        const { value, reports } = withTwo(function* ([first, second], world) {
          yield* sysfs_write(onlyHead(world).dev.kobj, 'iopolicy', policy);
          yield* transferDisk(headDisk(world), 'written');
          for (const { completion } of onFirst) yield* inject(first.sdev.nexus, completion);
          for (const { completion } of onSecond) yield* inject(second.sdev.nexus, completion);
          const readers = Array.from({ length: reads }, (_, n) => new Reader(world, `reader ${String(n)}`));
          const ended: Ended[] = [];
          for (const reader of readers) ended.push(yield* reader.result());
          for (const { sdev } of [first, second]) sdev.nexus.injected.length = 0;
          return { ended, active: [first, second].map(({ shost }) => shost.mpath_nr_active.counter) };
        }, fixedTemplateParts);
        expect(messages(reports)).toEqual([]);
        expect(value.ended).toHaveLength(reads);
        const strange = value.ended.filter(({ status, data }) =>
          status === BLK_STS_OK ? data !== 'written' : blk_path_error(status),
        );
        expect(strange).toEqual([]);
        expect(value.active).toEqual([0, 0]);
      }),
      { numRuns: 60 },
    );
  });
});
