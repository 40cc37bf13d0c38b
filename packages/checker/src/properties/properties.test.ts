// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  kfn,
  kfree,
  KObject,
  load,
  module,
  mutex,
  mutex_lock,
  mutex_unlock,
  settle,
  store,
  try_module_get,
  type Program,
  type Property,
} from '@libmultipath/kernel';
import { expect, it } from 'vitest';
import { explore } from '../explore.js';
import { biosComplete, kernelProperties, nobodyStuck } from './kernel-properties.js';

class thing extends KObject {
  value = 0;
  readonly one = new mutex(this);
  readonly other = new mutex(this);
}

/** That nothing orders the two accesses is not what these tests are about. */
const found = (program: Program) =>
  explore(program, { races: false }).reports.map(({ report }) => `${report.class}: ${report.message}`);

/** Raises the value to 2 and back to 0, beside one who looks. */
const hump = (properties: readonly Property[]): Program => ({
  name: 'hump',
  properties,
  make(machine) {
    const o = new thing();
    machine.globals.set('o', o);
    machine.spawn('up', function* () {
      yield* store(o, 'value', 2);
      yield* settle();
      yield* store(o, 'value', 0);
    });
    machine.spawn('look', function* () {
      yield* load(o, 'value');
    });
    return { outcome: () => o.value };
  },
});

const low = (when: Property['when']): Property => ({
  name: 'the value stays low',
  class: 'stale-state',
  ...(when === undefined ? {} : { when }),
  check: (machine) => {
    const o = machine.globals.get('o');
    return o instanceof thing && o.value > 1 ? `value is ${String(o.value)}` : undefined;
  },
});

it('asks a property at the end, at settle points, or after each step, as it says', () => {
  expect(found(hump([low(undefined)]))).toEqual([]);
  expect(found(hump([low('settled')]))).toEqual(['stale-state: value is 2']);
  expect(found(hump([low('step')]))).toEqual(['stale-state: value is 2']);
});

it('keeps two properties of one class apart, with the shortest schedule of each', () => {
  const high: Property = { ...low('settled'), name: 'another', check: () => 'never right' };
  const { reports } = explore(hump([low('settled'), high]), { races: false });
  expect(reports).toHaveLength(2);
  for (const { schedule } of reports) expect(schedule.length).toBeGreaterThan(0);
});

it('finds tasks that wait for each other, a reference that was kept, and a bio that never ends', () => {
  const program: Program = {
    name: 'three wrongs',
    properties: [
      ...kernelProperties,
      biosComplete((machine) => [machine.globals.get('bio')].filter((b) => b instanceof bio)),
    ],
    make(machine) {
      const o = new thing();
      const mod = new module('toy');
      machine.globals.set('bio', new bio());
      const both = (first: mutex, second: mutex) =>
        kfn('both', function* () {
          yield* mutex_lock(first);
          yield* mutex_lock(second);
          yield* mutex_unlock(second);
          yield* mutex_unlock(first);
        });
      machine.spawn('a', both(o.one, o.other));
      machine.spawn('b', both(o.other, o.one));
      machine.spawn('pin', function* () {
        yield* try_module_get(mod);
      });
      return { outcome: () => null };
    },
  };
  const classes = new Set(explore(program).reports.map(({ report }) => report.class));
  expect([...classes].sort()).toEqual(['deadlock', 'lock-order', 'lost-io', 'module']);
});

it('is content with a program that is in order', () => {
  const program: Program = {
    name: 'in order',
    properties: [nobodyStuck],
    make(machine) {
      const o = new thing();
      machine.spawn('free', () => kfree(o));
      return { outcome: () => null };
    },
  };
  expect(found(program)).toEqual([]);
});
