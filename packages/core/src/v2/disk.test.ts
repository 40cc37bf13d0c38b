// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list_entries,
  BLK_STS_IOERR,
  device,
  device_add,
  E,
  gendisk,
  GD_SUPPRESS_PART_SCAN,
  load,
  settle,
  submit_bio,
  type MachineEvent,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MPATH_HEAD_CDEV_LIVE, MPATH_HEAD_DISK_LIVE } from '../constants.js';
import { byPriority, everySchedule, runWith, seeded } from '../testing/schedules.js';
import { makePathDisk, newBio, runAlone, usable } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { addPath, makeHead, makeLiveHead, makeOnePathHead, makeToy, toyTemplate } from './testing/toy-driver.js';
import type { mpath_head } from './structures.js';
import type { mpath_head_template } from './template.js';

const isSet = (head: mpath_head, bit: number): boolean => (head.flags & (1 << bit)) !== 0;

function* succeeds(): Steps<number> {
  return 0;
}
function* nothing(): Steps<void> {}

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
  cdev_ioctl: succeeds,
});

describe('mpath_alloc_head_disk', () => {
  const allocate = (change: (head: mpath_head) => void): number =>
    runAlone(function* () {
      const { head } = yield* makeToy();
      change(head);
      return yield* libV2.mpath_alloc_head_disk(head, 0);
    }).value;

  it('does not ask for groups or a parent', () => {
    expect(allocate((head) => (head.disk_groups = null))).toBe(0);
    expect(allocate((head) => (head.parent = null))).toBe(0);
  });

  it('refuses with -EINVAL exactly the templates that have half a pair', () => {
    const member = fc.boolean();
    fc.assert(
      fc.property(member, member, member, member, member, (add, del, ioctl, begin, finish) => {
        const result = allocate((head) => {
          head.mpdt = {
            ...toyTemplate,
            ...(add ? { add_cdev: succeeds } : {}),
            ...(del ? { del_cdev: nothing } : {}),
            ...(ioctl ? { cdev_ioctl: succeeds } : {}),
            ...(begin
              ? {
                  *ioctl_begin() {
                    return null;
                  },
                }
              : {}),
            ...(finish ? { ioctl_finish: nothing } : {}),
          };
        });
        expect(result).toBe(add === del && add === ioctl && begin === finish ? 0 : -E.EINVAL);
      }),
    );
  });

  it('sets up the disk and the delayed removal, and suppresses the partition scan', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeToy();
      yield* libV2.mpath_delayed_removal_secs_store(head, '9');
      yield* libV2.mpath_alloc_head_disk(head, 0);
      const { disk } = head;
      return [
        disk?.private_data === head,
        head.delayed_removal_secs,
        yield* libV2.mpath_head_queue_if_no_path(head),
        head.remove_work?.pending,
        ((disk?.state ?? 0) & (1 << GD_SUPPRESS_PART_SCAN)) !== 0,
      ];
    });
    expect(value).toEqual([true, 0, true, false, true]);
  });

  it('gives the error of the allocation, and leaves an error pointer', () => {
    const results = new Set<number>();
    everySchedule(
      (machine) => {
        machine.spawn('driver', function* () {
          const { head } = yield* makeToy();
          results.add(yield* libV2.mpath_alloc_head_disk(head, 0, { mayFail: true }));
          expect(head.disk).toBeInstanceOf(gendisk);
        });
      },
      () => undefined,
    );
    expect([...results].sort((a, b) => a - b)).toEqual([-E.ENOMEM, 0]);
  });
});

describe('mpath_device_set_live', () => {
  it('does nothing for a head without a disk', () => {
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeToy();
      yield* libV2.mpath_device_set_live(yield* addPath(head));
      return head.flags;
    });
    expect(value).toBe(0);
    expect(machine.reports).toEqual([]);
  });

  it('adds the disk with the head’s groups, makes the cdev, and finds a path for every online node', () => {
    const calls: string[] = [];
    const { value, machine } = runAlone(
      function* () {
        const { head, disk, paths } = yield* makeLiveHead([usable], 0, withCdev(calls));
        yield* settle();
        return [
          isSet(head, MPATH_HEAD_DISK_LIVE),
          isSet(head, MPATH_HEAD_CDEV_LIVE),
          libV2.mpath_gendisk_to_head(disk) === head,
          libV2.mpath_bd_device_to_head(disk.device) === head,
          libV2.is_mpath_disk(disk),
          [...disk.device.kobj.groups.keys()],
          [0, 1, 2].map((node) => head.current_path[node] === paths[0]),
        ];
      },
      { cpuNodes: [0, 2], nodes: [0, 2] },
    );
    expect(value).toEqual([true, false, true, true, true, ['multipath'], [true, false, true]]);
    expect(calls).toEqual(['add_cdev']);
    expect(machine.reports).toEqual([]);
  });

  it('goes on without a word when the cdev cannot be made', () => {
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeLiveHead([usable], 0, withCdev([], -E.ENOMEM));
      return isSet(head, MPATH_HEAD_DISK_LIVE);
    });
    expect(value).toBe(true);
    expect(machine.log.filter(({ level }) => level === 'err')).toEqual([]);
  });

  it('takes the live bit back when the disk cannot be added, and goes no further', () => {
    const calls: string[] = [];
    const { value, machine } = runAlone(function* () {
      const { head, disk } = yield* makeHead([], 0, withCdev(calls));
      disk.disk_name = 'taken';
      yield* device_add(new device('taken', head.parent));
      yield* libV2.mpath_device_set_live(yield* addPath(head, usable, yield* makePathDisk('path0')));
      return [isSet(head, MPATH_HEAD_DISK_LIVE), head.current_path[0], head.partition_scan_work?.pending];
    });
    expect(value).toEqual([false, null, false]);
    expect(calls).toEqual([]);
    expect(machine.reports.map((report) => report.class)).toEqual(['double-add']);
  });

  it('reads the partitions once; a second scan warns', () => {
    const { machine } = runAlone(function* () {
      const { head } = yield* makeOnePathHead();
      const { partition_scan_work: work } = head;
      if (work !== null) yield* work.fn(work);
    });
    expect(machine.reports.map(({ message }) => message)).toEqual([
      'WARNING: multipath_partition_scan_work: GD_SUPPRESS_PART_SCAN was clear',
    ]);
  });
});

describe('mpath_remove_disk and mpath_put_disk', () => {
  it('go kick, cdev, grace period, disk; then flush both works', () => {
    const order: string[] = [];
    const onEvent = ({ step, task }: MachineEvent): void => {
      const inside = task.stack();
      if (task.name !== 'test') return;
      if (step.fn === 'del_gendisk') order.push(step.fn);
      else if (step.op === 'flush_work' && inside.includes('mpath_put_disk')) order.push(step.op);
      else if (!inside.includes('mpath_remove_disk')) return;
      else if (step.fn === 'mpath_schedule_requeue_work') order.push('kick');
      else if (step.fn === 'mpath_remove_disk' && step.op === 'synchronize_srcu') order.push(step.op);
    };
    runWith(
      (machine) => {
        machine.spawn('test', function* () {
          const { head } = yield* makeOnePathHead(withCdev(order));
          order.length = 0;
          yield* libV2.mpath_remove_disk(head);
          yield* libV2.mpath_put_disk(head);
        });
      },
      seeded(3),
      { onEvent },
    );
    expect([...new Set(order)]).toEqual(['kick', 'del_cdev', 'synchronize_srcu', 'del_gendisk', 'flush_work']);
    expect(order.filter((op) => op === 'flush_work')).toHaveLength(2);
  });

  it('remove works once per live period; put does nothing without a disk', () => {
    const calls: string[] = [];
    const { machine } = runAlone(function* () {
      const { head } = yield* makeOnePathHead(withCdev(calls));
      yield* libV2.mpath_remove_disk(head);
      yield* libV2.mpath_remove_disk(head);
      const { head: bare } = yield* makeToy();
      yield* libV2.mpath_put_disk(bare);
    });
    expect(calls).toEqual(['add_cdev', 'del_cdev']);
    expect(machine.reports).toEqual([]);
  });

  it('leave no bio behind, and nothing that uses the head after the last put', () => {
    for (let seed = 0; seed < 150; seed++) {
      const ended: string[] = [];
      const { machine } = runWith(
        (started) => {
          started.spawn('driver', function* () {
            const { head, disk } = yield* makeLiveHead([{ ...usable, disabled: true }]);
            yield* settle();
            yield* submit_bio(newBio(disk, ended));
            yield* libV2.mpath_remove_disk(head);
            yield* libV2.mpath_put_disk(head);
            expect(bio_list_entries(head.requeue_list)).toEqual([]);
            yield* libV2.mpath_put_head(head);
            expect(head.alloc.freed).toBe(true);
          });
        },
        byPriority(seed, 200),
      );
      expect(machine.reports).toEqual([]);
      expect(ended).toEqual([`0: ${BLK_STS_IOERR}`]);
    }
  });
});
