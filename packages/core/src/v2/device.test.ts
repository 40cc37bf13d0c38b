// SPDX-License-Identifier: GPL-2.0-only
import { E, HZ, list_entries, module, set_capacity, settle, type Steps } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { runWith, seeded } from '../testing/schedules.js';
import { runAlone, usable } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { addPath, makeHead, makeLiveHead, makeToy, toyTemplate } from './testing/toy-driver.js';
import { mpath_device, type mpath_head } from './structures.js';
import type { mpath_head_template } from './template.js';

describe('mpath_add_device and mpath_delete_device', () => {
  it('set the head in the path and nothing else, and keep the order of arrival', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeToy();
      const made = [new mpath_device(), new mpath_device(), new mpath_device()] as const;
      for (const dev of made) {
        dev.numa_node = 7;
        dev.access_state = 2;
        yield* libV2.mpath_add_device(head, dev);
      }
      const order = (): number[] => list_entries(head.dev_list).map((dev) => made.indexOf(dev));
      const before = order();
      const empty = yield* libV2.mpath_delete_device(made[1]);
      const [first] = made;
      return [before, empty, order(), first.mpath_head === head, first.disk, first.numa_node, first.access_state];
    });
    expect(value).toEqual([[0, 1, 2], false, [0, 2], true, null, 7, 2]);
  });

  it('say when the list is empty', () => {
    const { value } = runAlone(function* () {
      const { head, paths } = yield* makeHead([usable]);
      const before = yield* libV2.mpath_head_devices_empty(head);
      const [dev] = paths;
      const empty = dev !== undefined && (yield* libV2.mpath_delete_device(dev));
      return [before, empty, yield* libV2.mpath_head_devices_empty(head)];
    });
    expect(value).toEqual([false, true, true]);
  });

  it('report a path that was never added', () => {
    const { machine } = runWith((started) => {
      started.spawn('test', function* () {
        yield* libV2.mpath_delete_device(new mpath_device());
      });
    }, seeded(1));
    expect(machine.reports.map(({ message }) => message)).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_device.mpath_head',
    ]);
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
      const first = [yield* libV2.mpath_clear_current_path(a), now()];
      const second = [yield* libV2.mpath_clear_current_path(a), now()];
      fill();
      yield* libV2.mpath_clear_paths(head);
      return [first, second, now()];
    }, numa);
    expect(value).toEqual([
      [true, [-1, 1, -1, 1]],
      [false, [-1, 1, -1, 1]],
      [-1, -1, -1, -1],
    ]);
  });

  it('leave the array where node ids have holes', () => {
    const { machine } = runWith(
      (started) => {
        started.spawn('test', function* () {
          const { head } = yield* makeToy();
          yield* libV2.mpath_clear_paths(head);
        });
      },
      seeded(1),
      { numa: { cpuNodes: [0], nodes: [0, 4], possible: [0, 4] } },
    );
    expect(machine.reports.map((report) => report.class)).toEqual(['out-of-bounds']);
  });
});

describe('mpath_revalidate_paths', () => {
  it('calls back for the paths of another size only, forgets every choice, and kicks', () => {
    const { value } = runAlone(function* () {
      const { head, disk, paths } = yield* makeLiveHead([usable, usable]);
      yield* settle();
      const [a, b] = paths;
      yield* set_capacity(disk, 2_048);
      yield* set_capacity(a?.disk ?? null, 2_048);
      yield* set_capacity(b?.disk ?? null, 8);
      const called: number[] = [];
      yield* libV2.mpath_revalidate_paths(head, function* (dev): Steps<void> {
        called.push(paths.findIndex((other) => other === dev));
      });
      return [called, head.current_path[0], head.requeue_work?.pending];
    });
    expect(value).toEqual([[1], null, true]);
  });

  it('looks at no path without a callback', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeHead([usable]);
      yield* libV2.mpath_revalidate_paths(head, null);
      return head.requeue_work?.pending;
    });
    expect(value).toBe(true);
  });
});

describe('mpath_call_for_device', () => {
  it('gives the callback’s value, or -EWOULDBLOCK without a path', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeHead([usable]);
      const { head: empty } = yield* makeHead([]);
      const cb = function* (): Steps<number> {
        return 40;
      };
      return [yield* libV2.mpath_call_for_device(head, cb), yield* libV2.mpath_call_for_device(empty, cb)];
    });
    expect(value).toEqual([40, -E.EWOULDBLOCK]);
  });
});

/** A head that is told to wait, of a driver in a module. */
function* waiting(secs: string, removed: number[] = []): Steps<{ head: mpath_head; driver: module }> {
  const driver = new module('toy');
  const template: mpath_head_template = {
    ...toyTemplate,
    *remove_head(): Steps<void> {
      removed.push(driver.refcnt);
    },
  };
  const { head } = yield* makeHead([], 0, template);
  head.drv_module = driver;
  yield* libV2.mpath_delayed_removal_secs_store(head, secs);
  return { head, driver };
}

describe('delayed removal', () => {
  it('asks the driver when the time is over, on one module reference that is dropped after', () => {
    const removed: number[] = [];
    const made: { driver?: module } = {};
    const { value, machine } = runAlone(function* () {
      const { head, driver } = yield* waiting('3', removed);
      made.driver = driver;
      return [yield* libV2.mpath_can_remove_head(head), yield* libV2.mpath_delayed_removal_secs_show(head)];
    });
    expect(value).toEqual([false, '3\n']);
    expect(removed).toEqual([1]);
    expect(made.driver?.refcnt).toBe(0);
    expect(machine.clock.jiffies).toBe(3 * HZ);
  });

  it('is over at once without a delay, and when the module is going', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* waiting('0');
      const without = yield* libV2.mpath_can_remove_head(head);
      const { head: other, driver } = yield* waiting('3');
      driver.state = 'going';
      return [without, yield* libV2.mpath_can_remove_head(other)];
    });
    expect(value).toEqual([true, true]);
  });

  it('is called off by a path that comes back, with its module reference', () => {
    const removed: number[] = [];
    const { value } = runAlone(function* () {
      const { head, driver } = yield* waiting('3', removed);
      yield* libV2.mpath_can_remove_head(head);
      yield* addPath(head);
      yield* settle();
      return [head.remove_work?.pending, driver.refcnt];
    });
    expect(value).toEqual([false, 0]);
    expect(removed).toEqual([]);
  });

  it('takes the module again when it is armed again (as v3)', () => {
    const made: { driver?: module } = {};
    runAlone(function* () {
      const { head, driver } = yield* waiting('3');
      made.driver = driver;
      yield* libV2.mpath_can_remove_head(head);
      yield* libV2.mpath_can_remove_head(head);
    });
    expect(made.driver?.refcnt).toBe(1);
  });

  it('follows a remove_head that is not there', () => {
    const { machine } = runWith((started) => {
      started.spawn('driver', function* () {
        const { head } = yield* makeHead([]);
        yield* libV2.mpath_delayed_removal_secs_store(head, '1');
        yield* libV2.mpath_can_remove_head(head);
      });
    }, seeded(1));
    expect(machine.reports.map(({ message }) => message)).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_head_template.remove_head',
    ]);
  });
});
