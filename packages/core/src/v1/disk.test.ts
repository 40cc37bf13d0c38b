// SPDX-License-Identifier: GPL-2.0-only
import {
  device,
  device_add,
  E,
  GD_SUPPRESS_PART_SCAN,
  load,
  settle,
  type MachineEvent,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MPATH_HEAD_CDEV_LIVE, MPATH_HEAD_DISK_LIVE } from '../constants.js';
import { everySchedule, runWith, seeded } from '../testing/schedules.js';
import { makePathDisk, runAlone, usable } from '../testing/toy-driver.js';
import { libV1 } from './make-v1.js';
import { addPath, makeHead, makeLiveHead, makeOnePathHead, makeToy, toyTemplate } from './testing/toy-driver.js';
import type { mpath_disk, mpath_head } from './structures.js';
import type { mpath_head_template } from './template.js';

const isSet = (head: mpath_head, bit: number): boolean => (head.flags & (1 << bit)) !== 0;

const withCdev = (calls: string[], result = 0): mpath_head_template => ({
  ...toyTemplate,
  *add_cdev(): Steps<number> {
    calls.push('add_cdev');
    return result;
  },
  *del_cdev(head): Steps<void> {
    // A step, so that what came before it is seen before it.
    yield* load(head, 'flags');
    calls.push('del_cdev');
  },
});

describe('mpath_alloc_head_disk', () => {
  it('gives a disk with one reference and the scan suppressed, and knows no head', () => {
    const { value, machine } = runAlone(function* () {
      const disk = yield* libV1.mpath_alloc_head_disk(0);
      if (disk?.disk === undefined || disk.disk === null) throw new Error('no disk');
      const { disk: gendisk, ref, mpath_head: head, parent } = disk;
      return [
        ref.refcount.refs,
        gendisk.private_data === disk,
        (gendisk.state & (1 << GD_SUPPRESS_PART_SCAN)) !== 0,
        head,
        parent,
        libV1.is_mpath_head(gendisk),
        libV1.mpath_gendisk_to_disk(gendisk),
      ];
    });
    expect(value).toEqual([1, true, true, null, null, true, null]);
    expect(machine.reports).toEqual([]);
  });

  it('gives NULL and no errno when there is no memory, for whichever of the two, and keeps nothing', () => {
    const results: string[] = [];
    everySchedule(
      (machine) => {
        machine.spawn('driver', function* () {
          const disk = yield* libV1.mpath_alloc_head_disk(0, { mayFail: true });
          results.push(disk === null ? 'NULL' : 'disk');
        });
      },
      ({ machine }) => {
        expect(machine.reports).toEqual([]);
      },
    );
    expect(results).toEqual(['disk', 'NULL', 'NULL']);
  });
});

describe('mpath_device_set_live', () => {
  it('adds the disk with the template’s groups, makes the cdev, and finds a path for every online node', () => {
    const calls: string[] = [];
    const { value, machine } = runAlone(
      function* () {
        const { head, disk, gendisk, paths } = yield* makeLiveHead([usable], 0, withCdev(calls));
        yield* settle();
        return [
          isSet(head, MPATH_HEAD_DISK_LIVE),
          isSet(head, MPATH_HEAD_CDEV_LIVE),
          libV1.mpath_gendisk_to_disk(gendisk) === disk,
          libV1.mpath_bd_device_to_disk(gendisk.device) === disk,
          gendisk.device.parent?.name,
          [...gendisk.device.kobj.groups.keys()],
          [0, 1, 2].map((node) => head.current_path[node] === paths[0]),
        ];
      },
      { cpuNodes: [0, 2], nodes: [0, 2] },
    );
    expect(value).toEqual([true, false, true, true, 'toy', ['multipath'], [true, false, true]]);
    expect(calls).toEqual(['add_cdev']);
    expect(machine.reports).toEqual([]);
  });

  it('asks for the policy once for each online node, and only when the path is optimized', () => {
    const asked = (state: 0 | 1): number =>
      runAlone(
        function* () {
          let count = 0;
          const template: mpath_head_template = {
            ...toyTemplate,
            *get_iopolicy(head) {
              count++;
              return yield* toyTemplate.get_iopolicy(head);
            },
          };
          const { head, disk } = yield* makeToy(0, template);
          const dev = yield* addPath(head, { ...usable, state }, yield* makePathDisk('path0'));
          yield* libV1.mpath_device_set_live(disk, dev);
          return count;
        },
        { cpuNodes: [0, 1, 4], nodes: [0, 1, 4] },
      ).value;
    expect([asked(0), asked(1)]).toEqual([3, 0]);
  });

  it('goes on without a word when the cdev cannot be made', () => {
    const calls: string[] = [];
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeLiveHead([usable], 0, withCdev(calls, -E.ENOMEM));
      return isSet(head, MPATH_HEAD_DISK_LIVE);
    });
    expect(value).toBe(true);
    expect(machine.log.filter(({ level }) => level === 'err')).toEqual([]);
  });

  it('takes the live bit back when the disk cannot be added, and goes no further', () => {
    const calls: string[] = [];
    const { value, machine } = runAlone(function* () {
      const { head, disk, gendisk } = yield* makeToy(0, withCdev(calls));
      gendisk.disk_name = 'taken';
      yield* device_add(new device('taken', disk.parent));
      const dev = yield* addPath(head, usable, yield* makePathDisk('path0'));
      yield* libV1.mpath_device_set_live(disk, dev);
      return [isSet(head, MPATH_HEAD_DISK_LIVE), head.current_path[0], disk.partition_scan_work?.pending];
    });
    expect(value).toEqual([false, null, false]);
    expect(calls).toEqual([]);
    expect(machine.reports.map((report) => report.class)).toEqual(['double-add']);
  });

  it('reports a disk that the driver gave no head', () => {
    const { machine } = runWith((started) => {
      started.spawn('driver', function* () {
        const { head, disk } = yield* makeToy();
        disk.mpath_head = null;
        yield* libV1.mpath_device_set_live(disk, yield* addPath(head));
      });
    }, seeded(1));
    expect(machine.reports.map(({ message }) => message)).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_disk.mpath_head',
    ]);
  });

  it('adds once, however many paths race to be the first', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const calls: string[] = [];
        const { end, machine } = runWith(
          (started) => {
            started.spawn('driver', function* () {
              const { head, disk } = yield* makeToy(0, withCdev(calls));
              for (const index of [0, 1]) {
                const dev = yield* addPath(head, usable, yield* makePathDisk(`path${String(index)}`));
                started.spawn(`scan ${String(index)}`, () => libV1.mpath_device_set_live(disk, dev));
              }
            });
          },
          { ...seeded(seed), branch: () => 0 },
        );
        expect([end, machine.reports, calls]).toEqual(['finished', [], ['add_cdev']]);
      }),
      { numRuns: 100 },
    );
  });

  it('reads the partitions once; a second scan warns', () => {
    const { machine } = runAlone(function* () {
      const { disk } = yield* makeOnePathHead();
      const { partition_scan_work: work } = disk;
      if (work !== null) yield* work.fn(work);
    });
    expect(machine.reports.map(({ message }) => message)).toEqual([
      'WARNING: multipath_partition_scan_work: GD_SUPPRESS_PART_SCAN was clear',
    ]);
  });
});

describe('mpath_remove_disk and mpath_unregister_disk', () => {
  it('go kick, cdev, grace period, disk, then the reference', () => {
    const order: string[] = [];
    const onEvent = ({ step, task }: MachineEvent): void => {
      if (task.name !== 'test' || !task.stack().includes('mpath_unregister_disk')) return;
      if (step.fn === 'del_gendisk') order.push(step.fn);
      else if (step.fn === 'mpath_remove_disk' && step.op === 'queue_work') order.push('kick');
      else if (step.fn === 'mpath_remove_disk' && step.op === 'synchronize_srcu') order.push(step.op);
      else if (step.fn === 'mpath_put_disk') order.push(step.fn);
    };
    runWith(
      (machine) => {
        machine.spawn('test', function* () {
          const { disk } = yield* makeOnePathHead(withCdev(order));
          order.length = 0;
          yield* libV1.mpath_unregister_disk(disk);
        });
      },
      seeded(3),
      { onEvent },
    );
    expect([...new Set(order)]).toEqual(['kick', 'del_cdev', 'synchronize_srcu', 'del_gendisk', 'mpath_put_disk']);
  });

  it('remove works once per live period, put does not look', () => {
    const calls: string[] = [];
    const { value, machine } = runAlone(function* () {
      const { disk } = yield* makeOnePathHead(withCdev(calls));
      yield* libV1.mpath_remove_disk(disk);
      yield* libV1.mpath_remove_disk(disk);
      return [disk.ref.refcount.refs, yield* load(disk, 'disk')];
    });
    expect(value[0]).toBe(1);
    expect(value[1]).not.toBeNull();
    expect(calls).toEqual(['add_cdev', 'del_cdev']);
    expect(machine.reports).toEqual([]);
  });

  it('of a disk that was never live only drop the reference', () => {
    const { value, machine } = runAlone(function* () {
      const { head, disk } = yield* makeHead([]);
      yield* libV1.mpath_unregister_disk(disk);
      return [disk, head].map(({ alloc }: mpath_disk | mpath_head) => alloc.freed);
    });
    expect(value).toEqual([true, true]);
    expect(machine.reports).toEqual([]);
  });
});
