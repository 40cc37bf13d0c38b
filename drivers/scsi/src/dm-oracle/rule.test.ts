// SPDX-License-Identifier: GPL-2.0-only
import type { Json, Outcome } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import type { ScsiTopology } from '../topology.js';
import { runScenario, scenarios } from '../testing/scenarios.js';

/*
 * The library is in no released kernel. Where a scenario says `over: dm`, what a kernel shows is held to the model of
 * that kernel with dm-multipath; here that model is held to the library with all remedies: the same results for
 * whoever reads, the same path in the end, and the same answer to whether anything still waits.
 */

const RELEASED = '7.3';

/** What the library does otherwise, and why: it remembers of no path that it failed. */
const remembersNothing = 'findings/without-remedy/same-path-again.md: the read is sent to the same path again';
const known: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'error-on-every-path': {
    'result-of r1': remembersNothing,
    'paths-of r1': remembersNothing,
    'paths-of r2': remembersNothing,
  },
  'errors-of-a-path': {
    'paths-of no-connect': remembersNothing,
    'paths-of transport-marginal': remembersNothing,
    'paths-of standby': remembersNothing,
  },
  'failover-over-dm': { 'paths-of r1': remembersNothing },
  'offline-path-over-dm': {
    'paths-of r3': 'the library asks the state first, dm-multipath finds out by the read: both fail it',
  },
};

// The driver's own schema gave the topology.
const isOverDm = (topology: unknown): boolean => (topology as ScsiTopology).over === 'dm';
/** What needs dm-multipath itself would go round for ever in the library, which remembers no path that failed. */
const names = [...scenarios.values()]
  .filter(({ topology, needs }) => isOverDm(topology) && !needs.includes('dm-multipath'))
  .map(({ name }) => name);

const seen = (name: string, model: string): Outcome => {
  const ran = runScenario(name, model);
  if (ran === 'unsupported') throw new Error(`${model} does not support ${name}`);
  return ran.outcome;
};

/** Results whole, of the paths the last one. */
const compared = (outcome: Outcome): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(outcome).flatMap(([label, value]): [string, Json][] => {
      if (label.startsWith('result-of ') || /^r\d while /.test(label)) return [[label, value]];
      return label.startsWith('paths-of ') && Array.isArray(value) ? [[label, value.at(-1) ?? null]] : [];
    }),
  );

describe('the library with all remedies comes to what dm-multipath comes to', () => {
  it('has scenarios', () => expect(names.length).toBeGreaterThan(5));

  it.each(names)('%s', (name) => {
    const [dm, fixed] = [compared(seen(name, RELEASED)), compared(seen(name, 'fixed'))];
    const different = Object.keys(dm).filter((label) => JSON.stringify(dm[label]) !== JSON.stringify(fixed[label]));
    expect(different).toEqual(Object.keys(known[name] ?? {}));
  });
});
