// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_IOERR,
  BLK_STS_MEDIUM,
  BLK_STS_OK,
  BLK_STS_TARGET,
  BLK_STS_TRANSPORT,
  currentMachine,
  msleep,
  settle,
  type blk_status_t,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { mapped_device } from './mapped-device.js';
import { dm_message, dm_status } from './messages.js';
import type { DmPath } from './multipath.js';
import { set_queue_if_no_path_timeout_secs } from './no-path-timeout.js';
import { dm_create, dm_reload, dm_resume, dm_suspend } from './table.js';
import { dmRun, fakeDisk, readBlock, type FakeDisk } from './testing/fake-disk.js';

interface Pair {
  readonly one: FakeDisk;
  readonly two: FakeDisk;
  readonly md: mapped_device;
}

function* pair(queueIfNoPath = false): Steps<Pair> {
  const one = yield* fakeDisk('sda');
  const two = yield* fakeDisk('sdb');
  return { one, two, md: yield* dm_create({ name: 'dm-0', queueIfNoPath }, [[one, two]]) };
}

const letters = function* (md: mapped_device): Steps<string> {
  const groups = yield* dm_status(md);
  return groups
    .map(({ paths }) => paths.map(({ state, failCount }) => `${state}${String(failCount)}`).join(' '))
    .join(' | ');
};

/** A read in the background. */
const startRead = (md: mapped_device): { result?: string } => {
  const read: { result?: string } = {};
  currentMachine().spawn('reader', function* () {
    read.result = yield* readBlock(md.disk);
  });
  return read;
};

const lose = function* ({ md }: Pair): Steps<void> {
  for (const path of ['sda', 'sdb']) yield* dm_message(md, { kind: 'fail_path', path });
};

test.each<readonly [blk_status_t, string, string]>([
  [BLK_STS_IOERR, 'ok', 'F1 A0'],
  [BLK_STS_TRANSPORT, 'ok', 'F1 A0'],
  [BLK_STS_TARGET, 'EREMOTEIO', 'A0 A0'],
  [BLK_STS_MEDIUM, 'ENODATA', 'A0 A0'],
])('%s on one path of two comes to %s', (status, result, paths) => {
  const { value } = dmRun(function* () {
    const { one, md } = yield* pair();
    one.next.push(status);
    return [yield* readBlock(md.disk), yield* letters(md)];
  });
  expect(value).toEqual([result, paths]);
});

test('whatever the paths answer, a read ends once, and well as long as a path is left', () => {
  const anyStatus = fc.constantFrom<blk_status_t>(BLK_STS_OK, BLK_STS_IOERR, BLK_STS_TARGET);
  fc.assert(
    fc.property(fc.array(anyStatus, { maxLength: 4 }), fc.array(anyStatus, { maxLength: 4 }), (first, second) => {
      const { value, reports } = dmRun(function* () {
        const { one, two, md } = yield* pair();
        one.next.push(...first);
        two.next.push(...second);
        const seen: { result: string; failed: number }[] = [];
        for (let n = 0; n < 4; n++) {
          const result = yield* readBlock(md.disk);
          seen.push({ result, failed: (yield* letters(md)).split('F').length - 1 });
        }
        return seen;
      });
      expect(reports).toEqual([]);
      const wrong = value.filter(({ result, failed }) => failed < 2 && !['ok', 'EREMOTEIO'].includes(result));
      expect(wrong).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

describe('no path left', () => {
  it('fails by default', () => {
    const { value } = dmRun(function* () {
      const all = yield* pair();
      yield* lose(all);
      return yield* readBlock(all.md.disk);
    });
    expect(value).toBe('EIO');
  });

  it('waits with queue_if_no_path, until a path is reinstated', () => {
    const { value } = dmRun(function* () {
      const all = yield* pair(true);
      yield* lose(all);
      const read = startRead(all.md);
      yield* settle();
      yield* msleep(5_000);
      const before = read.result;
      yield* dm_message(all.md, { kind: 'reinstate_path', path: 'sdb' });
      yield* settle();
      return [before, read.result, yield* letters(all.md)];
    });
    expect(value).toEqual([undefined, 'ok', 'F1 A1']);
  });

  it('fails after all with fail_if_no_path', () => {
    const { value } = dmRun(function* () {
      const all = yield* pair(true);
      yield* lose(all);
      const read = startRead(all.md);
      yield* settle();
      yield* dm_message(all.md, { kind: 'fail_if_no_path' });
      yield* settle();
      return read.result;
    });
    expect(value).toBe('EIO');
  });

  it('fails when queue_if_no_path_timeout_secs is over, counted from the loss of the last path', () => {
    const { value, log } = dmRun(function* () {
      yield* set_queue_if_no_path_timeout_secs(5);
      const all = yield* pair(true);
      yield* lose(all);
      const read = startRead(all.md);
      yield* msleep(4_000);
      const before = read.result;
      yield* msleep(2_000);
      yield* settle();
      return [before, read.result];
    });
    expect(value).toEqual([undefined, 'EIO']);
    expect(log).toContain('device-mapper: multipath: queue_if_no_path timeout on dm-0, failing queued IO');
  });

  it('does not time out when a path came back', () => {
    const { value, log } = dmRun(function* () {
      yield* set_queue_if_no_path_timeout_secs(5);
      const all = yield* pair(true);
      yield* lose(all);
      yield* dm_message(all.md, { kind: 'reinstate_path', path: 'sda' });
      yield* msleep(20_000);
      return yield* letters(all.md);
    });
    expect(value).toBe('A1 F1');
    expect(log.join()).not.toContain('timeout');
  });

  it('what waits goes to the paths of a new table, once', () => {
    const { value, reports } = dmRun(function* () {
      const all = yield* pair(true);
      yield* lose(all);
      const read = startRead(all.md);
      yield* settle();
      const three = yield* fakeDisk('sdc');
      yield* dm_reload(all.md, { queueIfNoPath: true }, [[three]]);
      yield* settle();
      return [read.result, three.seen, all.one.seen + all.two.seen, yield* letters(all.md)];
    });
    expect(value).toEqual(['ok', 1, 0, 'A0']);
    expect(reports).toEqual([]);
  });

  it('waits while the map is suspended, whatever its paths, and goes on with the resume', () => {
    const { value, reports } = dmRun(function* () {
      const all = yield* pair(false);
      yield* dm_suspend(all.md);
      const read = startRead(all.md);
      yield* settle();
      const before = [read.result, all.one.seen];
      yield* dm_resume(all.md);
      yield* settle();
      return [before, read.result, all.one.seen];
    });
    expect(value).toEqual([[undefined, 0], 'ok', 1]);
    expect(reports).toEqual([]);
  });

  it('waits for a path after the resume as before it, if it was told to', () => {
    const { value, reports } = dmRun(function* () {
      const all = yield* pair(true);
      yield* lose(all);
      yield* dm_suspend(all.md);
      yield* dm_resume(all.md);
      const read = startRead(all.md);
      yield* settle();
      const before = read.result;
      yield* dm_message(all.md, { kind: 'reinstate_path', path: 'sda' });
      yield* settle();
      return [before, read.result];
    });
    expect(value).toEqual([undefined, 'ok']);
    expect(reports).toEqual([]);
  });

  it('activates the paths of each table anew, where a handler is named', () => {
    const { value, reports } = dmRun(function* () {
      let activated = 0;
      const path: DmPath = {
        disk: (yield* fakeDisk('sda')).disk,
        *activate(done) {
          activated++;
          yield* done('ok');
        },
      };
      const md = yield* dm_create({ name: 'dm-0', hwHandler: 'alua' }, [[path]]);
      const first = yield* readBlock(md.disk);
      yield* dm_reload(md, { hwHandler: 'alua' }, [[path]]);
      return [first, yield* readBlock(md.disk), activated];
    });
    expect(value).toEqual(['ok', 'ok', 2]);
    expect(reports).toEqual([]);
  });
});
