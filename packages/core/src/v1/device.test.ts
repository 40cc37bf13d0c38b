// SPDX-License-Identifier: GPL-2.0-only
import { HZ, list_entries, module, set_capacity, settle, delayed_work, type Steps } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { runWith, seeded } from '../testing/schedules.js';
import { runAlone, usable } from '../testing/toy-driver.js';
import { libV1 } from './make-v1.js';
import { addPath, makeHead, makeLiveHead, makeToy } from './testing/toy-driver.js';
import { mpath_device, type mpath_head } from './structures.js';

describe('mpath_add_device and mpath_delete_device', () => {
  it('keep the order of arrival, and set nothing in the path', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeToy();
      const made = [new mpath_device(), new mpath_device(), new mpath_device()] as const;
      for (const dev of made) yield* libV1.mpath_add_device(head, dev);
      const before = list_entries(head.dev_list).map((dev) => made.indexOf(dev));
      const deleted = yield* libV1.mpath_delete_device(head, made[1]);
      const [first] = made;
      return [before, deleted, list_entries(head.dev_list).map((dev) => made.indexOf(dev)), first.disk, first.flags];
    });
    expect(value).toEqual([[0, 1, 2], undefined, [0, 2], null, 0]);
  });
});

describe('mpath_clear_current_path and mpath_clear_paths', () => {
  const numa = { cpuNodes: [0, 3], nodes: [0, 3] };

  it('forget one path, or all, on every possible node', () => {
    const { value } = runAlone(function* () {
      const { head, paths } = yield* makeHead([usable, usable]);
      const [a = null, b = null] = paths;
      if (a === null || b === null) throw new Error('no paths');
      const fill = (): void => {
        [a, b, a, b].forEach((dev, node) => (head.current_path[node] = dev));
      };
      const now = (): number[] => [0, 1, 2, 3].map((node) => paths.findIndex((dev) => dev === head.current_path[node]));
      fill();
      const first = [yield* libV1.mpath_clear_current_path(head, a), now()];
      const second = [yield* libV1.mpath_clear_current_path(head, a), now()];
      fill();
      yield* libV1.mpath_clear_paths(head);
      return [first, second, now()];
    }, numa);
    expect(value).toEqual([
      [true, [-1, 1, -1, 1]],
      [false, [-1, 1, -1, 1]],
      [-1, -1, -1, -1],
    ]);
  });

  it('a path without a head is nowhere', () => {
    const { value, machine } = runAlone(() => libV1.mpath_clear_current_path(null, new mpath_device()));
    expect(value).toBe(false);
    expect(machine.reports).toEqual([]);
  });
});

describe('mpath_revalidate_paths', () => {
  it('calls back for every path with the head’s capacity, forgets every choice, and kicks', () => {
    const { value } = runAlone(function* () {
      const { head, disk, gendisk, paths } = yield* makeLiveHead([usable, usable]);
      yield* settle();
      yield* set_capacity(gendisk, 4_096);
      const called: [number, number][] = [];
      const before = head.current_path[0] === paths[0];
      yield* libV1.mpath_revalidate_paths(disk, function* (dev, capacity): Steps<void> {
        called.push([paths.findIndex((other) => other === dev), capacity]);
      });
      return [before, called, head.current_path[0], head.requeue_work?.pending];
    });
    expect(value).toEqual([
      true,
      [
        [0, 4_096],
        [1, 4_096],
      ],
      null,
      true,
    ]);
  });

  it('looks at no path without a callback', () => {
    const { value } = runAlone(function* () {
      const { head, disk } = yield* makeHead([usable]);
      yield* libV1.mpath_revalidate_paths(disk, null);
      return head.requeue_work?.pending;
    });
    expect(value).toBe(true);
  });
});

describe('mpath_call_for_device', () => {
  it('gives the callback’s value, or -EWOULDBLOCK without a path', () => {
    const { value } = runAlone(function* () {
      const { head, paths } = yield* makeHead([usable]);
      const cb = function* (dev: mpath_device): Steps<number> {
        return 40 + paths.findIndex((other) => other === dev);
      };
      const found = yield* libV1.mpath_call_for_device(head, cb);
      for (const path of paths) path.disabled = true;
      yield* libV1.mpath_clear_paths(head);
      return [found, yield* libV1.mpath_call_for_device(head, cb)];
    });
    expect(value).toEqual([40, -11]);
  });
});

/** A head that is told to wait, of a driver in a module that initialised `remove_work`. */
function* waiting(secs: string, removed: string[] = []): Steps<{ head: mpath_head; driver: module }> {
  const { head } = yield* makeToy();
  const driver = new module('toy');
  head.drv_module = driver;
  head.remove_work = new delayed_work(
    head,
    function* () {
      removed.push(`${String(driver.refcnt)} held`);
    },
    'toy_remove_head_work',
    { owner: driver },
  );
  yield* libV1.mpath_delayed_removal_secs_store(head, secs);
  return { head, driver };
}

describe('delayed removal', () => {
  it('arms the driver’s own work, after which the module reference is the driver’s to put', () => {
    const removed: string[] = [];
    const made: { driver?: module } = {};
    const { value, machine } = runAlone(function* () {
      const { head, driver } = yield* waiting('3', removed);
      made.driver = driver;
      return [yield* libV1.mpath_can_remove_head(head), yield* libV1.mpath_delayed_removal_secs_show(head)];
    });
    expect(value).toEqual([false, '3\n']);
    expect(removed).toEqual(['1 held']);
    expect(made.driver?.refcnt).toBe(1);
    expect(machine.clock.jiffies).toBe(3 * HZ);
  });

  it('is over at once without a delay, and when the module is going', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* waiting('0');
      const without = yield* libV1.mpath_can_remove_head(head);
      const { head: other, driver } = yield* waiting('3');
      driver.state = 'going';
      return [without, yield* libV1.mpath_can_remove_head(other), yield* libV1.mpath_head_queue_if_no_path(other)];
    });
    expect(value).toEqual([true, true, true]);
  });

  it('has no pending removal to call off before the driver initialised the work', () => {
    const { machine } = runAlone(function* () {
      const { head } = yield* makeToy();
      yield* addPath(head);
    });
    expect(machine.reports).toEqual([]);
  });

  it('reports a driver that never initialised the work it arms', () => {
    const { machine } = runWith((started) => {
      started.spawn('driver', function* () {
        const { head } = yield* makeToy();
        yield* libV1.mpath_delayed_removal_secs_store(head, '1');
        yield* libV1.mpath_can_remove_head(head);
      });
    }, seeded(1));
    expect(machine.reports.map((report) => report.class)).toEqual(['null-dereference']);
  });

  it.each([
    ['0x10', 4, '16\n'],
    ['x', -22, '3\n'],
    ['4294967296', -34, '3\n'],
  ])('stores %j with result %d', (text, result, shown) => {
    const { value } = runAlone(function* () {
      const { head } = yield* waiting('3');
      return [
        yield* libV1.mpath_delayed_removal_secs_store(head, text),
        yield* libV1.mpath_delayed_removal_secs_show(head),
      ];
    });
    expect(value).toEqual([result, shown]);
  });
});
