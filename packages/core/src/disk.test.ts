// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list_entries,
  BLK_STS_IOERR,
  clear_bit,
  device,
  device_add,
  E,
  gendisk,
  GD_ADDED,
  GD_SUPPRESS_PART_SCAN,
  type MachineEvent,
  settle,
  submit_bio,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MPATH_HEAD_CDEV_LIVE, MPATH_HEAD_DISK_LIVE } from './constants.js';
import { libV3 } from './v3/make-v3.js';
import type { mpath_head } from './v3/structures.js';
import { everySchedule, runWith, seeded } from './testing/schedules.js';
import {
  addPath,
  initHead,
  makeHead,
  makeLiveHead,
  makePathDisk,
  newBio,
  runAlone,
  toyTemplate,
  usable,
} from './testing/toy-driver.js';
import type { mpath_head_template } from './v3/template.js';

const isSet = (head: mpath_head, bit: number): boolean => (head.flags & (1 << bit)) !== 0;

function* succeeds(): Steps<number> {
  return 0;
}
function* nothing(): Steps<void> {}

const withCdev = (add_cdev: () => Steps<number>, calls: string[] = []): mpath_head_template => ({
  ...toyTemplate,
  *add_cdev() {
    calls.push('add_cdev');
    return yield* add_cdev();
  },
  *del_cdev() {
    calls.push('del_cdev');
  },
  cdev_ioctl: succeeds,
});

describe('mpath_alloc_head_disk', () => {
  const allocate = (change: (head: mpath_head) => void): number =>
    runAlone(function* () {
      const head = yield* initHead();
      change(head);
      return yield* libV3.mpath_alloc_head_disk(head, 0);
    }).value;

  it('refuses with -EINVAL a head without disk_groups, parent or iopolicy', () => {
    expect(allocate((head) => (head.disk_groups = null))).toBe(-E.EINVAL);
    expect(allocate((head) => (head.parent = null))).toBe(-E.EINVAL);
    expect(allocate((head) => (head.iopolicy = null))).toBe(-E.EINVAL);
    expect(allocate(() => undefined)).toBe(0);
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

  it('gives the error of the allocation, and leaves an error pointer that faults', () => {
    const results = new Set<number>();
    everySchedule(
      (machine) => {
        machine.spawn('driver', function* () {
          const head = yield* initHead();
          const error = yield* libV3.mpath_alloc_head_disk(head, 0, { mayFail: true });
          results.add(error);
          expect(head.disk).toBeInstanceOf(gendisk);
          yield* libV3.mpath_put_disk(head);
          yield* libV3.mpath_put_head(head);
        });
      },
      ({ machine }) => {
        expect(machine.reports.map((report) => report.class)).toEqual(
          machine.task('driver')?.killed === true ? ['use-after-free'] : [],
        );
      },
    );
    expect([...results].sort((a, b) => a - b)).toEqual([-E.ENOMEM, 0]);
  });

  it('sets delayed removal to 0 seconds but leaves the flag, and suppresses the partition scan', () => {
    const { value } = runAlone(function* () {
      const head = yield* initHead();
      yield* libV3.mpath_delayed_removal_secs_store(head, '9');
      yield* libV3.mpath_alloc_head_disk(head, 0);
      return [head.delayed_removal_secs, yield* libV3.mpath_head_queue_if_no_path(head), head.disk?.state];
    });
    expect(value.slice(0, 2)).toEqual([0, true]);
    expect(Number(value[2]) & (1 << GD_SUPPRESS_PART_SCAN)).not.toBe(0);
  });
});

describe('mpath_device_set_live', () => {
  it('does nothing for a head without a disk', () => {
    const { machine } = runAlone(function* () {
      const head = yield* initHead();
      yield* libV3.mpath_device_set_live(yield* addPath(head));
      expect(head.flags).toBe(0);
    });
    expect(machine.reports).toEqual([]);
  });

  it('adds the disk and the cdev once, however many paths race to be the first', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const calls: string[] = [];
        const ran = runWith((machine) => {
          machine.spawn('driver', function* () {
            const { head } = yield* makeHead([], 0, withCdev(succeeds, calls));
            if (head.disk !== null) head.disk.disk_name = 'toy0';
            for (const index of [0, 1, 2]) {
              const dev = yield* addPath(head, usable, yield* makePathDisk(`path${String(index)}`));
              machine.spawn(`scan ${String(index)}`, () => libV3.mpath_device_set_live(dev));
            }
          });
        }, seeded(seed));
        expect(ran.end).toBe('finished');
        expect(ran.machine.reports).toEqual([]);
        expect(calls).toEqual(['add_cdev']);
        expect(ran.machine.uevents.filter(({ path, action }) => path === '/toy/toy0' && action === 'add')).toHaveLength(
          1,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('finds a path for every online node when the path is optimized, else for none', () => {
    const numa = { cpuNodes: [0, 2], nodes: [0, 2] };
    const cached = (state: 0 | 1): unknown[] =>
      runAlone(function* () {
        const { head, paths } = yield* makeLiveHead([{ ...usable, state }]);
        return [0, 1, 2].map((node) => paths.findIndex((dev) => dev === head.current_path[node]));
      }, numa).value;
    expect(cached(0)).toEqual([0, -1, 0]);
    expect(cached(1)).toEqual([-1, -1, -1]);
  });

  it('takes the live bit back when the disk cannot be added, and goes no further', () => {
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeHead([], 0);
      if (head.disk !== null) head.disk.disk_name = 'taken';
      yield* device_add(new device('taken', head.parent));
      const dev = yield* addPath(head, usable, yield* makePathDisk('path0'));
      yield* libV3.mpath_device_set_live(dev);
      return [isSet(head, MPATH_HEAD_DISK_LIVE), head.current_path[0], head.partition_scan_work?.pending];
    });
    expect(value).toEqual([false, null, false]);
    expect(machine.reports.map((report) => report.class)).toEqual(['double-add']);
  });

  it('keeps the disk when the cdev cannot be made, says so, and never deletes that cdev', () => {
    const calls: string[] = [];
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeLiveHead(
        [usable],
        0,
        withCdev(function* () {
          return -E.ENOMEM;
        }, calls),
      );
      const flags = [isSet(head, MPATH_HEAD_DISK_LIVE), isSet(head, MPATH_HEAD_CDEV_LIVE)];
      yield* libV3.mpath_remove_disk(head);
      return flags;
    });
    expect(value).toEqual([true, false]);
    expect(calls).toEqual(['add_cdev']);
    expect(machine.log).toContainEqual({ level: 'err', text: 'block toy0: Unable to create the cdev' });
  });

  it('reads the partitions once; a second scan warns', () => {
    const { machine } = runAlone(function* () {
      const { head, disk } = yield* makeLiveHead();
      yield* settle();
      expect(disk.state & (1 << GD_SUPPRESS_PART_SCAN)).toBe(0);
      expect(libV3.mpath_gendisk_to_head(disk)).toBe(head);
      expect(libV3.is_mpath_disk(disk)).toBe(true);
      expect(libV3.is_mpath_disk(yield* makePathDisk('other'))).toBe(false);
      // What makes the driver's next set_live add the disk again while it is there.
      yield* clear_bit(MPATH_HEAD_DISK_LIVE, head, 'flags');
      yield* clear_bit(GD_ADDED, disk, 'state');
      yield* head.partition_scan_work?.fn(head.partition_scan_work) ?? nothing();
    });
    expect(machine.reports.map(({ message }) => message)).toEqual([
      'WARNING: multipath_partition_scan_work: GD_SUPPRESS_PART_SCAN was clear',
    ]);
  });
});

describe('mpath_remove_disk', () => {
  it('goes kick, cdev, grace period, disk, in this order', () => {
    const calls: string[] = [];
    const order: string[] = [];
    const onEvent = ({ step, task }: MachineEvent): void => {
      if (task.name !== 'test' || !task.stack().includes('mpath_remove_disk')) return;
      if (['queue_work', 'synchronize_srcu'].includes(step.op) || step.fn === 'del_gendisk')
        order.push(step.fn === 'del_gendisk' ? step.fn : step.op);
    };
    runWith(
      (machine) => {
        machine.spawn('test', function* () {
          const { head } = yield* makeLiveHead([usable], 0, withCdev(succeeds, order));
          yield* settle();
          order.length = 0;
          yield* libV3.mpath_remove_disk(head);
        });
      },
      seeded(3),
      { onEvent },
    );
    expect([...new Set(order)]).toEqual(['queue_work', 'del_cdev', 'synchronize_srcu', 'del_gendisk']);
    expect(calls).toEqual([]);
  });

  it('works once per live period, however many call it', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const calls: string[] = [];
        const ran = runWith((machine) => {
          machine.spawn('driver', function* () {
            const { head } = yield* makeLiveHead([usable], 0, withCdev(succeeds, calls));
            for (const name of ['a', 'b']) machine.spawn(`remover ${name}`, () => libV3.mpath_remove_disk(head));
          });
        }, seeded(seed));
        expect(ran.end).toBe('finished');
        expect(ran.machine.reports).toEqual([]);
        expect(calls).toEqual(['add_cdev', 'del_cdev']);
        expect(
          ran.machine.uevents.filter(({ path, action }) => path === '/toy/toy0' && action === 'remove'),
        ).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  it('fails every later bio with EIO, also what was parked, by the time the disk is put; none is left', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const ended: string[] = [];
        let left: unknown;
        const ran = runWith((machine) => {
          machine.spawn('driver', function* () {
            const { head, disk } = yield* makeLiveHead([{ ...usable, disabled: true }]);
            // The partition scan's own bio is parked before the removal begins; else see below.
            yield* settle();
            for (const sector of [0, 1]) {
              machine.spawn(`submitter ${String(sector)}`, () => submit_bio(newBio(disk, ended, sector)));
            }
            yield* libV3.mpath_remove_disk(head);
            yield* submit_bio(newBio(disk, ended, 2));
            yield* settle();
            yield* libV3.mpath_put_disk(head);
            left = [bio_list_entries(head.requeue_list), head.disk === disk];
          });
        }, seeded(seed));
        expect(ran.end).toBe('finished');
        expect([...ended].sort()).toEqual([0, 1, 2].map((sector) => `${String(sector)}: ${BLK_STS_IOERR}`));
        expect(left).toEqual([[], true]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('mpath_remove_disk against the partition scan', () => {
  /*
   * v3 kicks before its grace period. The scan's bio has passed the DISK_LIVE test, the kick
   * finds nothing, then the bio is parked: the scan waits for it with `open_mutex` held, which
   * `del_gendisk()` needs. Nobody is left to kick.
   */
  it('can wait for ever: the bio of the scan is parked after the only kick', () => {
    const blockedIn = (seed: number): string[] | undefined => {
      const { end, machine } = runWith((started) => {
        started.spawn('driver', function* () {
          const { head } = yield* makeLiveHead([{ ...usable, disabled: true }]);
          yield* libV3.mpath_remove_disk(head);
        });
      }, seeded(seed));
      if (end !== 'stuck') return undefined;
      return machine.tasks
        .filter((task) => !task.done && (!task.service || task.busy))
        .map((task) => task.stack().join(' < '));
    };
    const seeds = Array.from({ length: 2_000 }, (_, seed) => seed);
    const stuck = seeds.map(blockedIn).find((stacks) => stacks !== undefined);
    expect(stuck?.some((stack) => stack.startsWith('del_gendisk < mpath_remove_disk'))).toBe(true);
    expect(stuck?.some((stack) => stack.includes('bdev_disk_changed'))).toBe(true);
  });
});

describe('mpath_put_disk', () => {
  it('does nothing without a disk', () => {
    const { machine } = runAlone(function* () {
      yield* libV3.mpath_put_disk(yield* initHead());
    });
    expect(machine.reports).toEqual([]);
  });
});
