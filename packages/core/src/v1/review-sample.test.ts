// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list_entries,
  delayed_work,
  delete_module,
  module,
  settle,
  submit_bio,
  isUninitialised,
  virtualTime,
  type bio,
  type Chooser,
  type Machine,
  type Steps,
} from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { byPriority, everySchedule, runWith, seeded } from '../testing/schedules.js';
import { newBio, runAlone, usable } from '../testing/toy-driver.js';
import { libV1 } from './make-v1.js';
import { addPath, makeHead, makeLiveHead, makeOnePathHead, makeToy, toyTemplate } from './testing/toy-driver.js';

const E_NOMEM = -12;
const E_WOULDBLOCK = -11;

const reportsOf = (machine: Machine): string[] => machine.reports.map((report) => `${report.class}: ${report.message}`);

/** The stack holds NULL wherever v1 leaves a variable uninitialised: R-03 is not what is looked for. */
const harmless = (chooser: Chooser): Chooser => ({ ...chooser, branch: () => 0 });

const seeds = (count: number): number[] => Array.from({ length: count }, (_, seed) => seed);

describe('R-01: the disk puts a reference on the head that it never took', () => {
  it('is balanced only for a driver that hands its own reference to the disk', () => {
    const { value, machine } = runAlone(function* () {
      const { head, disk } = yield* makeToy();
      const refs = head.ref.refcount.refs;
      yield* libV1.mpath_unregister_disk(disk);
      return [refs, head.alloc.freed, disk.alloc.freed];
    });
    expect(value).toEqual([1, true, true]);
    expect(reportsOf(machine)).toEqual([]);
  });

  it('frees the head under a driver that puts its own reference too', () => {
    const { machine } = runWith((started) => {
      started.spawn('driver', function* () {
        const { head, disk } = yield* makeToy();
        yield* libV1.mpath_unregister_disk(disk);
        yield* libV1.mpath_put_head(head);
      });
    }, seeded(1));
    expect(reportsOf(machine)).toEqual(['use-after-free: KASAN: slab-use-after-free in mpath_put_head']);
  });

  it('frees the head under an open of the char device, whose reference the second put takes', () => {
    const { machine } = runWith((started) => {
      started.spawn('driver', function* () {
        const { head, disk } = yield* makeToy();
        yield* libV1.mpath_get_head(head);
        yield* libV1.mpath_unregister_disk(disk);
        yield* libV1.mpath_put_head(head);
        // The close.
        yield* libV1.mpath_put_head(head);
      });
    }, seeded(1));
    expect(reportsOf(machine)).toEqual(['use-after-free: KASAN: slab-use-after-free in mpath_put_head']);
  });
});

describe('R-02: set_live looks through the disk before it looks at it', () => {
  it('is a NULL dereference for a head without a disk', () => {
    const { machine } = runWith((started) => {
      started.spawn('driver', function* () {
        const { head } = yield* makeToy();
        yield* libV1.mpath_device_set_live(null, yield* addPath(head));
      });
    }, seeded(1));
    expect(machine.reports.map((report) => [report.class, report.message])).toEqual([
      ['null-dereference', 'BUG: kernel NULL pointer dereference in mpath_device_set_live, field mpath_head'],
    ]);
  });
});

describe('R-03: the candidates of the full scan are not initialised', () => {
  const submit = (paths: 'none' | 'disabled') => (machine: Machine) => {
    machine.spawn('submitter', function* () {
      const { head, disk, gendisk } = yield* makeHead(paths === 'none' ? [] : [{ ...usable, disabled: true }]);
      if (disk.disk !== null) yield* libV1.mpath_bdev_submit_bio(head, disk, newBio(gendisk, []));
    });
  };

  it.each(['none', 'disabled'] as const)('follows garbage when the paths are: %s', (paths) => {
    const seen = new Set<string>();
    const schedules = everySchedule(submit(paths), ({ machine }) => seen.add(reportsOf(machine).join('; ')));
    // The stack may happen to hold NULL for both, for the first alone, or for neither.
    expect(schedules).toBe(3);
    expect([...seen].sort()).toEqual(['', 'uninitialised: BUG: KMSAN: uninit-value in mpath_bdev_submit_bio']);
  });

  it('caches the garbage, and the next bio follows it', () => {
    const { machine } = runWith(
      (started) => {
        started.spawn('submitter', function* () {
          const { head, disk, gendisk } = yield* makeHead([{ ...usable, disabled: true }]);
          yield* libV1.mpath_call_for_device(head, function* (dev): Steps<number> {
            expect(isUninitialised(dev)).toBe(true);
            return 0;
          });
          expect(isUninitialised(head.current_path[0])).toBe(true);
          yield* libV1.mpath_bdev_submit_bio(head, disk, newBio(gendisk, []));
        });
      },
      { ...seeded(1), branch: () => 1 },
    );
    expect(reportsOf(machine)).toEqual(['uninitialised: BUG: KMSAN: uninit-value in mpath_numa_path']);
  });

  it('prefers garbage to a path that is not optimized', () => {
    const { machine } = runWith(
      (started) => {
        started.spawn('submitter', function* () {
          const { head, disk, gendisk } = yield* makeHead([{ ...usable, state: 1 }]);
          yield* libV1.mpath_bdev_submit_bio(head, disk, newBio(gendisk, []));
        });
      },
      { ...seeded(1), branch: () => 1 },
    );
    expect(reportsOf(machine)).toEqual(['uninitialised: BUG: KMSAN: uninit-value in mpath_bdev_submit_bio']);
  });
});

describe('R-04: what clone_bio gives is not looked at', () => {
  it('is a NULL dereference when there is no memory for a clone, and the original never ends', () => {
    const ended: string[] = [];
    const template = {
      ...toyTemplate,
      *clone_bio(): Steps<bio | null> {
        return null;
      },
    };
    const { machine } = runWith((started) => {
      started.spawn('submitter', function* () {
        // A disk without a size: nothing looks for partitions on it.
        const { gendisk } = yield* makeLiveHead([usable], 0, template, 0);
        yield* settle();
        yield* submit_bio(newBio(gendisk, ended));
      });
    }, virtualTime());
    expect(reportsOf(machine)).toEqual([
      'null-dereference: BUG: kernel NULL pointer dereference in mpath_bdev_submit_bio, field bi_iter',
    ]);
    expect(ended).toEqual([]);
  });
});

/** Gives the head the driver's work that ends a delayed removal. */
const armable = (head: { remove_work: delayed_work | null }, driver: module, done: () => void): void => {
  head.remove_work = new delayed_work(
    undefined,
    function* () {
      done();
    },
    'toy_remove_head_work',
    { owner: driver },
  );
};

describe('R-05: nobody sets drv_module but the driver', () => {
  it('lets the module go while the removal is armed, and the work runs into text that is gone', () => {
    let ran = false;
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeToy();
      const driver = new module('toy');
      armable(head, driver, () => (ran = true));
      yield* libV1.mpath_delayed_removal_secs_store(head, '1');
      const now = yield* libV1.mpath_can_remove_head(head);
      return [now, yield* delete_module(driver)];
    });
    expect(value).toEqual([false, 0]);
    expect(ran).toBe(false);
    expect(machine.reports.map((report) => report.class)).toEqual(['module']);
  });
});

describe('R-06: the end of the disk flushes nothing', () => {
  const teardown = (ended: string[]) => (machine: Machine) => {
    machine.spawn('driver', function* () {
      const { head, disk, gendisk, paths } = yield* makeLiveHead([usable]);
      const [path] = paths;
      if (path === undefined) throw new Error('no path');
      machine.spawn('submitter', () => submit_bio(newBio(gendisk, ended)));
      path.disabled = true;
      yield* libV1.mpath_clear_current_path(head, path);
      yield* libV1.mpath_delete_device(head, path);
      yield* libV1.mpath_synchronize(head);
      yield* libV1.mpath_unregister_disk(disk);
    });
  };

  it('frees the works that are pending or run', () => {
    const found = new Map<string, string[]>();
    for (const seed of seeds(600)) {
      const { machine } = runWith(teardown([]), harmless(byPriority(seed, 200)));
      for (const { class: name, message } of machine.reports) found.set(name, [...(found.get(name) ?? []), message]);
    }
    expect([...found.keys()]).toEqual(['use-after-free']);
    const messages = new Set(found.get('use-after-free'));
    expect(messages).toContain(
      'ODEBUG: free active (active state 0) object type: work_struct hint: partition_scan_work',
    );
    expect(messages).toContain('ODEBUG: free active (active state 0) object type: work_struct hint: requeue_work');
  });

  it('loses what is parked', () => {
    const lost = seeds(3_000).some((seed) => {
      const ended: string[] = [];
      let parked = 0;
      runWith(
        (machine) => {
          machine.spawn('driver', function* () {
            const { head, disk, gendisk } = yield* makeLiveHead([{ ...usable, disabled: true }], 0, toyTemplate, 0);
            yield* settle();
            machine.spawn('submitter', () => submit_bio(newBio(gendisk, ended)));
            yield* libV1.mpath_unregister_disk(disk);
            yield* settle();
            parked = bio_list_entries(head.requeue_list).length;
            expect(head.alloc.freed).toBe(true);
          });
        },
        harmless(byPriority(seed, 200)),
      );
      return parked === 1 && ended.length === 0;
    });
    expect(lost).toBe(true);
  });
});

describe('R-07: a path that comes back calls the removal off, but the module stays pinned', () => {
  it('adds a reference for each time, and the module cannot be unloaded', () => {
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeToy();
      const driver = new module('toy');
      head.drv_module = driver;
      armable(head, driver, () => undefined);
      yield* libV1.mpath_delayed_removal_secs_store(head, '5');
      const counts: number[] = [];
      for (let round = 0; round < 3; round++) {
        yield* libV1.mpath_can_remove_head(head);
        const dev = yield* addPath(head);
        counts.push(driver.refcnt);
        yield* libV1.mpath_delete_device(head, dev);
      }
      return [counts, head.remove_work?.pending, yield* delete_module(driver)];
    });
    expect(value).toEqual([[1, 2, 3], false, E_WOULDBLOCK]);
    expect(reportsOf(machine)).toEqual([]);
  });
});

describe('R-08: a char device that was never made is deleted', () => {
  it('calls del_cdev whatever add_cdev gave', () => {
    const calls: string[] = [];
    const { machine } = runAlone(function* () {
      const template = {
        ...toyTemplate,
        *add_cdev(): Steps<number> {
          calls.push('add_cdev');
          return E_NOMEM;
        },
        *del_cdev(): Steps<void> {
          calls.push('del_cdev');
        },
      };
      const { disk } = yield* makeOnePathHead(template);
      yield* libV1.mpath_remove_disk(disk);
    });
    expect(calls).toEqual(['add_cdev', 'del_cdev']);
    expect(machine.log.filter(({ level }) => level === 'err')).toEqual([]);
  });
});
