// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { stateDigest } from './digest.js';
import { Machine } from './machine.js';
import { settle } from './sched/settle.js';
import { virtualTime } from './chooser.js';

test('two rests of a task outside any kernel function are two states', () => {
  const machine = new Machine();
  machine.spawn('user', function* () {
    yield* settle([]);
    yield* settle([]);
  });
  const before = stateDigest(machine);
  machine.run({ ...virtualTime(), pick: (enabled, { steps }) => (steps === 0 ? enabled[0] : undefined) });
  expect(machine.steps).toBe(1);
  expect(before).toBeDefined();
  expect(stateDigest(machine)).not.toBe(before);
});
