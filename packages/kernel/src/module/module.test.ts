// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { load } from '../memory/access.js';
import { KObject } from '../object.js';
import { one } from '../testing/one.js';
import { everySchedule } from '../testing/run.js';
import { alloc_workqueue, queue_work } from '../workqueue/queue-work.js';
import { work_struct } from '../workqueue/work.js';
import { delete_module, module, module_put, module_refcount, try_module_get } from './module.js';

class data extends KObject {
  value = 0;
}

it('refuses the unload while there are references, and references after it', () => {
  const { reports } = one(function* () {
    const mod = new module('m');
    expect(yield* try_module_get(mod)).toBe(true);
    expect(yield* delete_module(mod)).toBe(-11);
    yield* module_put(mod);
    expect(yield* module_refcount(mod)).toBe(0);
    let exited = false;
    const exit = function* () {
      exited = true;
      expect(yield* try_module_get(mod)).toBe(false);
    };
    expect(yield* delete_module(mod, exit)).toBe(0);
    expect([exited, mod.state]).toEqual([true, 'gone']);
    expect(yield* delete_module(mod)).toBe(-11);
  });
  expect(reports).toEqual([]);
});

it('takes NULL for the kernel itself', () => {
  one(function* () {
    expect(yield* try_module_get(null)).toBe(true);
    yield* module_put(null);
  });
});

it('reports a put too many', () => {
  expect(
    one(function* () {
      yield* module_put(new module('m'));
    }).reports,
  ).toEqual(['module: WARNING: module_put: reference count of m underflows']);
});

it('reports a work of the module that runs or goes on after the unload', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const mod = new module('m');
      const o = new data();
      const work = new work_struct(
        o,
        function* () {
          yield* load(o, 'value');
          yield* load(o, 'value');
        },
        'mod_work',
        { owner: mod },
      );
      machine.spawn('t', function* () {
        yield* queue_work(alloc_workqueue('wq'), work);
        yield* delete_module(mod);
      });
    },
    ({ reports }) => {
      seen.add(reports.join());
    },
  );
  expect([...seen].sort()).toEqual([
    '',
    'module: BUG: unable to handle page fault for address: mod_work [m] (unloaded)',
  ]);
});
