// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { E } from '../errno/errno.js';
import { load } from '../memory/access.js';
import { KObject } from '../object.js';
import { one } from '../testing/one.js';
import { everySchedule } from '../testing/run.js';
import { alloc_workqueue } from '../workqueue/alloc-workqueue.js';
import { queue_work } from '../workqueue/queue-work.js';
import { work_struct } from '../workqueue/work.js';
import {
  __module_get,
  delete_module,
  init_module,
  module,
  module_put,
  module_refcount,
  try_module_get,
} from './module.js';

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
      expect(yield* module_refcount(mod)).toBe(-1);
      expect(yield* delete_module(mod)).toBe(-E.EBUSY);
    };
    expect(yield* delete_module(mod, exit)).toBe(0);
    expect([exited, mod.state]).toEqual([true, 'gone']);
    expect(yield* delete_module(mod)).toBe(-E.ENOENT);
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

it('loads a module, gives references while it is coming, and unloads it when its init function fails', () => {
  const { reports } = one(function* () {
    const core = new module('core');
    const good = new module('good', { state: 'coming', uses: [core] });
    const loaded = init_module(good, function* () {
      expect(yield* try_module_get(good)).toBe(true);
      expect(yield* delete_module(good)).toBe(-E.EBUSY);
      yield* module_put(good);
      return 0;
    });
    expect([yield* loaded, good.state]).toEqual([0, 'live']);
    expect(yield* delete_module(core)).toBe(-E.EWOULDBLOCK);
    const bad = new module('bad', { state: 'coming', uses: [core] });
    const failed = init_module(bad, function* () {
      expect(yield* module_refcount(core)).toBe(2);
      return -E.ENOMEM;
    });
    expect([yield* failed, bad.state]).toEqual([-E.ENOMEM, 'gone']);
    expect(yield* delete_module(good)).toBe(0);
    expect(yield* delete_module(core)).toBe(0);
  });
  expect(reports).toEqual([]);
});

it('faults on the structure of a module that is gone', () => {
  for (const use of [try_module_get, module_put, module_refcount, __module_get]) {
    const { reports } = one(function* () {
      const mod = new module('m');
      yield* delete_module(mod);
      yield* use(mod);
    });
    expect(reports).toEqual(['module: BUG: unable to handle page fault for address: struct module [m] (unloaded)']);
  }
});

it('lets who holds a reference take another one at any time', () => {
  one(function* () {
    const mod = new module('m');
    yield* __module_get(mod);
    yield* __module_get(null);
    expect(yield* module_refcount(mod)).toBe(1);
  });
});
