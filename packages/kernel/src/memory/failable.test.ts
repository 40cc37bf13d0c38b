// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { E } from '../errno/errno.js';
import { kfn } from '../kfn.js';
import { KObject } from '../object.js';
import { init_srcu_struct, srcu_struct } from '../srcu/srcu.js';
import type { Steps } from '../step.js';
import { run } from '../testing/run.js';
import { alloc_workqueue } from '../workqueue/alloc-workqueue.js';
import { kmalloc, kzalloc } from './alloc.js';
import type { Failable } from './failable.js';

class thing extends KObject {
  value = 0;
}

/** Each allocation of the kernel that can fail, under a function of its own; what it says when refused. */
const allocations: Readonly<Record<string, () => Steps<boolean>>> = {
  always: function* () {
    return (yield* kzalloc(() => new thing(), { mayFail: true, kind: 'thing' })) === null;
  },
  declared: function* () {
    return (yield* kmalloc(() => new thing(), { mayFail: 'declared', kind: 'thing' })) === null;
  },
  queue: function* () {
    return (yield* alloc_workqueue('wq', { mayFail: 'declared' })) === null;
  },
  srcu: function* () {
    return (yield* init_srcu_struct(new srcu_struct(), { mayFail: 'declared' })) === -E.ENOMEM;
  },
  never: function* () {
    return (yield* kzalloc(() => new thing(), { mayFail: false })) === null;
  },
};

/** Functions whose allocation the environment could refuse, and did. */
const refusedIn = (failable?: Failable): string[] => {
  const refused: string[] = [];
  run(
    (machine) => {
      for (const [name, body] of Object.entries(allocations)) {
        machine.spawn(
          name,
          kfn(name, function* () {
            if (yield* body()) refused.push(name);
          }),
        );
      }
    },
    { pick: (enabled) => enabled[0], branch: (_task, { branches }) => branches - 1 },
    failable === undefined ? {} : { failable },
  );
  return refused;
};

it('lets fail what says so for itself when the program names nothing', () => {
  expect(refusedIn()).toEqual(['always']);
});

it('lets fail what the program names, by call, kind and function, and nothing else', () => {
  expect(refusedIn('all')).toEqual(['always', 'declared', 'queue', 'srcu']);
  expect(refusedIn([])).toEqual([]);
  expect(refusedIn([{ kind: 'thing' }])).toEqual(['always', 'declared']);
  expect(refusedIn([{ fn: 'declared' }, { call: 'init_srcu_struct' }])).toEqual(['declared', 'srcu']);
  expect(refusedIn([{ call: 'kzalloc', fn: 'declared' }])).toEqual([]);
  expect(refusedIn([{ call: 'alloc_workqueue', kind: 'workqueue_struct', fn: 'queue' }])).toEqual(['queue']);
});
