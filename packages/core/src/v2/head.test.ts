// SPDX-License-Identifier: GPL-2.0-only
import { bdev_open, bdev_release, E } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { everySchedule } from '../testing/schedules.js';
import { runAlone } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { makeOnePathHead, makeToy } from './testing/toy-driver.js';
import { mpath_head } from './structures.js';

describe('mpath_alloc_head', () => {
  it('gives a head with one reference and its works, and as many places for paths as there are possible nodes', () => {
    const { value, machine } = runAlone(
      function* () {
        const head = yield* libV2.mpath_alloc_head();
        if (!(head instanceof mpath_head)) throw new Error('no memory');
        const { ref, requeue_work, partition_scan_work, remove_work, disk, current_path } = head;
        return [
          ref.refcount.refs,
          requeue_work?.pending,
          partition_scan_work?.pending,
          remove_work,
          disk,
          current_path,
        ];
      },
      { cpuNodes: [0], nodes: [0, 2], possible: [0, 2, 5] },
    );
    expect(value).toEqual([1, false, false, null, null, [null, null, null]]);
    expect(machine.reports).toEqual([]);
  });

  it('gives -ENOMEM when there is no memory for the head, or for its SRCU struct', () => {
    const results: (number | string)[] = [];
    everySchedule(
      (machine) => {
        machine.spawn('driver', function* () {
          const head = yield* libV2.mpath_alloc_head({ mayFail: true });
          results.push(head instanceof mpath_head ? 'head' : head);
        });
      },
      ({ machine }) => {
        expect(machine.reports).toEqual([]);
      },
    );
    expect(results).toEqual(['head', -E.ENOMEM, -E.ENOMEM]);
  });
});

describe('mpath_get_head and mpath_put_head', () => {
  it('count; the last put cleans the SRCU struct and frees; then there is no get', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeToy();
      const got = yield* libV2.mpath_get_head(head);
      yield* libV2.mpath_put_head(head);
      const before = [got, head.ref.refcount.refs, head.alloc.freed];
      yield* libV2.mpath_put_head(head);
      return [...before, head.srcu.cleanedUp, head.alloc.freed];
    });
    expect(value).toEqual([0, 1, false, true, true]);
  });

  it('are what open and close of the disk do; -ENXIO when the count is 0', () => {
    const { value } = runAlone(function* () {
      const { head, disk } = yield* makeOnePathHead();
      const error = yield* bdev_open(disk);
      const during = head.ref.refcount.refs;
      yield* bdev_release(disk);
      const after = head.ref.refcount.refs;
      head.ref.refcount.refs = 0;
      return [error, during, after, yield* bdev_open(disk), disk.fops.owner];
    });
    expect(value).toEqual([0, 2, 1, -E.ENXIO, undefined]);
  });
});
