// SPDX-License-Identifier: GPL-2.0-only
import { atomic_t, list_entries, set_capacity, type Steps } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libV3 } from './v3/make-v3.js';
import { mpath_device } from './v3/structures.js';
import { runWith, seeded } from './testing/schedules.js';
import { addPath, initHead, makeHead, makeLiveHead, makePathDisk, runAlone, usable } from './testing/toy-driver.js';

describe('mpath_add_device and mpath_delete_device', () => {
  it('fill the path and append it; access_state and flags stay as they are', () => {
    const { value } = runAlone(function* () {
      const head = yield* initHead();
      const disk = yield* makePathDisk('path0');
      const depth = new atomic_t();
      const dev = new mpath_device();
      dev.access_state = 2;
      dev.flags = 1;
      yield* libV3.mpath_add_device(dev, head, disk, 3, depth);
      return { dev, head, disk, depth };
    });
    const { dev } = value;
    expect(dev.mpath_head).toBe(value.head);
    expect(dev.disk).toBe(value.disk);
    expect(dev.nr_active).toBe(value.depth);
    expect([dev.numa_node, dev.access_state, dev.flags]).toEqual([3, 2, 1]);
  });

  it('keep the order of arrival, and delete says whether it was the last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4 }), { maxLength: 12 }), (picks) => {
        runAlone(function* () {
          const { head, paths } = yield* makeHead([usable, usable, usable, usable], 0);
          const expected = [...paths];
          for (const pick of picks) {
            const dev = expected[pick];
            if (dev === undefined) continue;
            expected.splice(pick, 1);
            expect(yield* libV3.mpath_delete_device(dev)).toBe(expected.length === 0);
            expect(list_entries(head.dev_list)).toEqual(expected);
            expect(yield* libV3.mpath_head_devices_empty(head)).toBe(expected.length === 0);
          }
        });
      }),
    );
  });

  it('delete neither waits for readers nor forgets the choice', () => {
    const { value } = runAlone(function* () {
      const { head, paths } = yield* makeLiveHead();
      const [dev] = paths;
      if (dev === undefined) throw new Error('no path');
      yield* libV3.mpath_delete_device(dev);
      return head.current_path[0] === dev;
    });
    expect(value).toBe(true);
  });

  it('report a path that was never added', () => {
    const ran = runWith((machine) => {
      machine.spawn('test', function* () {
        yield* libV3.mpath_delete_device(new mpath_device());
      });
    }, seeded(1));
    expect(ran.machine.reports.map(({ message }) => message)).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_device.mpath_head',
    ]);
  });
});

describe('mpath_clear_current_path and mpath_clear_paths', () => {
  const numa = { cpuNodes: [0, 3], nodes: [0, 3] };

  it('forget one path, or all, on every possible node, online or not', () => {
    const { value } = runAlone(function* () {
      const { head, paths } = yield* makeHead([usable, usable], 0);
      const [a = null, b = null] = paths;
      if (a === null || b === null) throw new Error('no paths');
      const fill = (): void => {
        [a, b, a, b].forEach((dev, node) => (head.current_path[node] = dev));
      };
      const now = (): number[] => [0, 1, 2, 3].map((node) => paths.findIndex((dev) => dev === head.current_path[node]));
      fill();
      const first = [yield* libV3.mpath_clear_current_path(a), now()];
      const second = [yield* libV3.mpath_clear_current_path(a), now()];
      fill();
      yield* libV3.mpath_clear_paths(head);
      return [first, second, now()];
    }, numa);
    expect(value).toEqual([
      [true, [-1, 1, -1, 1]],
      [false, [-1, 1, -1, 1]],
      [-1, -1, -1, -1],
    ]);
  });
});

describe('mpath_revalidate_paths', () => {
  it('calls back for the paths of another size only, forgets every choice, and kicks', () => {
    const { value } = runAlone(function* () {
      const { head, paths } = yield* makeLiveHead([usable, usable]);
      const [a, b] = paths;
      yield* set_capacity(a?.disk ?? null, 2_048);
      yield* set_capacity(b?.disk ?? null, 8);
      const called: number[] = [];
      const before = head.current_path[0] === a;
      yield* libV3.mpath_revalidate_paths(head, function* (dev): Steps<void> {
        called.push(paths.findIndex((other) => other === dev));
      });
      return [before, called, head.current_path[0], head.requeue_work?.pending];
    });
    expect(value).toEqual([true, [1], null, true]);
  });

  it('looks at no path without a callback', () => {
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeHead([usable], 0);
      yield* addPath(head);
      yield* libV3.mpath_revalidate_paths(head, null);
      return head.requeue_work?.pending;
    });
    expect(value).toBe(true);
    expect(machine.reports).toEqual([]);
  });
});
