// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { LmpError } from '@libmultipath/errors';
import { set_bit } from './bits/bits.js';
import { boot } from './boot.js';
import { expectBoolean, expectInteger, expectPointer, expectSteps, expectString } from './callback.js';
import { currentMachine } from './current.js';
import { kfn, makeStep } from './kfn.js';
import { mutex, mutex_lock } from './locks/mutex.js';
import { Machine } from './machine.js';
import { load, load_at, store } from './memory/access.js';
import { kfree } from './memory/alloc.js';
import { KObject } from './object.js';
import { Oops } from './report.js';
import type { Steps } from './step.js';
import { one } from './testing/one.js';
import { run } from './testing/run.js';
import { virtualTime } from './chooser.js';
import { schedule_work } from './workqueue/queue-work.js';
import { work_struct } from './workqueue/work.js';

class path extends KObject {
  readonly lock = new mutex(this);
  disabled = 0;
  value = 1;
}

/** What a driver without types may hand over. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what it is passed off as
const untyped = <T>(value: unknown): T => value as T;

/** Runs a driver's callback from a kernel function `pick`, beside a task that has nothing to do with it. */
const calling = (callback: (dev: path) => Steps<unknown>) => {
  const pick = kfn('pick', function* (dev: path): Steps<unknown> {
    yield* load(dev, 'value');
    return yield* callback(dev);
  });
  const { machine, end, reports } = run((m) => {
    const dev = new path();
    m.spawn('io', function* () {
      yield* pick(dev);
    });
    const elsewhere = new path();
    m.spawn('other', () => store(elsewhere, 'value', 2));
  });
  return { machine, end, reports, report: machine.reports[0], task: machine.task('io') };
};

/** A warning each time, and one of another class at the end. */
function* warnOf(dev: path, n: number): Steps<void> {
  yield* load(dev, 'value');
  currentMachine().report('warning', 'WARNING: again', dev);
  if (n === 11_999) currentMachine().report('refcount', 'something new', dev);
}

describe('a callback that', () => {
  it('throws kills its task with a report that names the function, and nobody else', () => {
    const { end, reports, report, task, machine } = calling(function* () {
      throw new TypeError('no such path');
    });
    expect(reports).toEqual(['driver-contract: pick threw TypeError: no such path']);
    expect(report).toMatchObject({
      task: 'io',
      stack: ['pick'],
      site: { fn: 'pick', op: 'load', target: 'path.value' },
    });
    expect(task).toMatchObject({ killed: true, done: true });
    expect([end, machine.task('other')?.killed]).toEqual(['finished', false]);
  });

  it.each<[string, unknown, string]>([
    ['a string', 'oh', `'oh'`],
    ['nothing', undefined, 'undefined'],
    ['an object', { a: 1 }, 'an object of type Object'],
  ])('throws %s is reported, too', (_what, thrown, text) => {
    const { reports } = calling(function* () {
      throw thrown;
    });
    expect(reports).toEqual([`driver-contract: pick threw ${text}`]);
  });

  it('is a kernel function itself is named by its report', () => {
    const { reports, report } = calling(
      kfn('toy_is_disabled', function* (dev: path): Steps<boolean> {
        yield* load(dev, 'disabled');
        throw new RangeError('bad');
      }),
    );
    expect(reports).toEqual(['driver-contract: toy_is_disabled threw RangeError: bad']);
    expect(report?.stack).toEqual(['toy_is_disabled', 'pick']);
  });

  it.each<[string, unknown, string]>([
    ['a number', 42, '42'],
    ['null', null, 'null'],
    ['an array', [1], 'an array'],
    ['a promise', Promise.resolve(), 'an object of type Promise'],
    ['an object without a class', Object.create(null), 'an object'],
    ['a function', load, 'the function load'],
  ])('yields %s is reported', (_what, value, text) => {
    const { end, reports, task } = calling(function* () {
      yield untyped(value);
    });
    expect(reports).toEqual([`driver-contract: pick yielded ${text}, expected a step`]);
    expect([end, task?.killed]).toEqual(['finished', true]);
  });

  it('forgets the star of yield* is told so', () => {
    const inner = kfn('inner', function* (): Steps<void> {});
    expect(
      calling(function* (dev) {
        yield untyped(load(dev, 'value'));
      }).reports,
    ).toEqual(['driver-contract: pick yielded load of value without yield*']);
    expect(
      calling(function* () {
        yield untyped(inner());
      }).reports,
    ).toEqual(['driver-contract: pick yielded a call of inner without yield*']);
  });

  it('returns what it must not is reported by whoever checks', () => {
    const returning = (value: unknown, check: (name: string, given: unknown) => unknown) =>
      calling(function* () {
        return check('mpath_head_template.is_disabled', value);
      }).reports;
    const says = (text: string) => [`driver-contract: mpath_head_template.is_disabled returned ${text}`];
    expect(returning(3, expectBoolean)).toEqual(says('3, expected a boolean'));
    expect(returning(undefined, expectBoolean)).toEqual(says('undefined, expected a boolean'));
    expect(returning(1.5, expectInteger)).toEqual(says('1.5, expected an integer'));
    expect(returning(false, expectString)).toEqual(says('false, expected a string'));
    const expectPath = (name: string, given: unknown) => expectPointer(name, given, path);
    expect(returning(undefined, expectPath)).toEqual(says('undefined, expected path or NULL'));
    expect(returning(true, (name, given) => expectSteps(name, untyped(given)))).toEqual(
      says('true, expected steps (a generator function)'),
    );
  });

  it('returns what it should is let through', () => {
    const given: unknown[] = [];
    const { reports } = one(function* () {
      const dev = new path();
      given.push(
        expectBoolean('f', false),
        expectInteger('f', -19),
        expectString('f', ''),
        expectPointer('f', null, path),
      );
      given.push(expectPointer('f', dev, path) === dev, yield* expectSteps('f', load(dev, 'value')));
    });
    expect(reports).toEqual([]);
    expect(given).toEqual([false, -19, '', null, true, 1]);
  });

  it('names a field that the structure does not have is reported', () => {
    expect(calling((dev) => load(dev, untyped<'value'>('valeu'))).reports).toEqual([
      'driver-contract: pick names path.valeu, and there is no such field',
    ]);
    expect(calling((dev) => store(dev, untyped<'value'>('valeu'), 1)).reports).toEqual([
      'driver-contract: pick names path.valeu, and there is no such field',
    ]);
    expect(calling((dev) => set_bit(1, dev, untyped<'value'>('flagz'))).reports).toEqual([
      'driver-contract: pick names path.flagz, and there is no such field',
    ]);
    expect(calling((dev) => load_at(dev, untyped<'value'>('value'), 0)).reports).toEqual([
      'driver-contract: pick indexes path.value, which is no array',
    ]);
  });

  it('frees what its caller still uses is found at the caller', () => {
    const release = kfn('toy_release', (dev: path) => kfree(dev));
    const { reports, report } = calling(function* (dev) {
      yield* release(dev);
      return yield* load(dev, 'value');
    });
    expect(reports).toEqual(['use-after-free: KASAN: slab-use-after-free in pick']);
    expect(report?.others).toMatchObject([
      { role: 'allocated by', where: { task: 'boot' } },
      { role: 'freed by', where: { task: 'io', stack: ['toy_release', 'pick'] } },
    ]);
  });

  it('calls itself without end fills the stack', () => {
    const again: (dev: path) => Steps<void> = kfn('again', function* (dev: path): Steps<void> {
      yield* again(dev);
    });
    const { reports, task } = calling(again);
    expect(reports).toEqual(['driver-contract: BUG: stack guard page was hit in again: more than 1000 calls deep']);
    expect(task?.killed).toBe(true);
  });

  it('calls without end and without a step is a soft lockup', () => {
    const nothing = kfn('nothing', function* (): Steps<void> {});
    const { reports } = calling(function* () {
      for (;;) yield* nothing();
    });
    expect(reports).toEqual(['livelock: watchdog: BUG: soft lockup - CPU#0 stuck: nothing is called without end']);
  });

  it('loops for ever with steps is bounded, and the bound names it', () => {
    const machine = new Machine({ maxSteps: 5_000 });
    machine.spawn(
      'io',
      kfn('toy_poll', function* () {
        const dev = new path();
        for (;;) yield* load(dev, 'value');
      }),
    );
    expect(() => machine.run(virtualTime())).toThrow(
      expect.objectContaining({ code: 'LMP-003', where: 'io in toy_poll' }),
    );
  });

  it('has a condition that throws kills the task that waits for it, and no other', () => {
    const { end, reports, machine } = calling(function* (dev) {
      yield makeStep('wait', dev, 'value', 'read', {
        enabled: () => {
          throw new TypeError('no condition');
        },
      });
    });
    expect(reports).toEqual([
      'driver-contract: pick threw TypeError: no condition in the condition of wait path.value',
    ]);
    expect([end, machine.task('io')?.killed, machine.task('other')?.killed]).toEqual(['finished', true, false]);
  });

  it('does nothing but warn cannot fill the memory with its reports', () => {
    const { machine } = run(
      (m) => {
        m.spawn(
          't',
          kfn('noisy', function* () {
            const dev = new path();
            for (let n = 0; n < 12_000; n++) yield* warnOf(dev, n);
          }),
        );
      },
      virtualTime(),
      { maxSteps: 100_000 },
    );
    expect(machine.reports.length + machine.repeatedReports).toBe(12_001);
    expect(machine.reports.at(-1)?.class).toBe('refcount');
    expect(machine.reports).toHaveLength(10_001);
  });
});

it('keeps locks where an oops left them, and runs what the driver put into finally', () => {
  const seen: string[] = [];
  const { end, machine } = run((m) => {
    const dev = new path();
    m.spawn(
      'bad',
      kfn('outer', function* () {
        try {
          yield* mutex_lock(dev.lock);
          yield* kfn('inner', function* (): Steps<void> {
            throw new Error('x');
          })();
        } finally {
          seen.push(...(m.task('bad')?.stack() ?? []));
        }
      }),
    );
    m.spawn('next', () => mutex_lock(dev.lock));
  });
  expect([end, machine.reports.length, seen]).toEqual(['stuck', 1, ['outer']]);
});

it('kills a worker whose work throws, and names the work', () => {
  const { reports, machine } = run((m) => {
    const work = new work_struct(
      undefined,
      function* () {
        throw new Error('no');
      },
      'toy_work',
    );
    m.spawn('t', function* () {
      yield* schedule_work(work);
    });
  });
  expect(reports).toEqual(['driver-contract: toy_work threw Error: no']);
  expect(machine.tasks.find(({ kind }) => kind === 'kworker')?.killed).toBe(true);
});

describe('what is no fault of a driver keeps its meaning:', () => {
  const thrownBy = (error: unknown, inKernel: boolean) => () =>
    run((m) => {
      const body = function* (): Steps<void> {
        throw error;
      };
      m.spawn('t', inKernel ? kfn('fn', body) : body);
    });

  it.each<[string, Error, boolean]>([
    ['a numbered error', new LmpError('LMP-201', { message: 'x' }), true],
    ['an assertion of a test', Object.assign(new Error('x'), { name: 'AssertionError' }), true],
    ["an error of the program's own code", new TypeError('x'), false],
  ])('%s', (_what, error, inKernel) => {
    expect(thrownBy(error, inKernel)).toThrow(error);
  });

  it('what the initial state of a program meets is an oops out of boot()', () => {
    const machine = new Machine();
    const bad = kfn('bad_probe', function* (): Steps<void> {
      throw new Error('no device');
    });
    expect(() => boot(machine, bad)).toThrow(Oops);
    expect(machine.reports).toMatchObject([
      { class: 'driver-contract', message: 'bad_probe threw Error: no device', task: 'boot' },
    ]);
  });
});
