// SPDX-License-Identifier: GPL-2.0-only
import { Machine, srcu_read_lock, srcu_read_unlock, virtualTime } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { mpath_iopolicy_e } from './constants.js';
import { anyPath, numa, oracle } from './testing/selection-oracle.js';
import { makeHead, runAlone, usable, type ToyPath } from './testing/toy-driver.js';
import { libV3 } from './v3/make-v3.js';

const NON = 1;
const NUMA = 0;
const RR = 1;
const QD = 2;

const choose = (paths: readonly ToyPath[], policy: mpath_iopolicy_e, cached: number | null, cpu: number) =>
  runAlone(
    function* () {
      const { head, paths: made } = yield* makeHead(paths, policy);
      const node = numa.cpuNodes[cpu] ?? 0;
      head.current_path[node] = (cached === null ? undefined : made[cached]) ?? null;
      const idx = yield* srcu_read_lock(head.srcu);
      const found = yield* libV3.mpath_find_path(head);
      yield* srcu_read_unlock(head.srcu, idx);
      const index = (dev: unknown): number | null => {
        const at = made.findIndex((other) => other === dev);
        return at < 0 ? null : at;
      };
      return { found: index(found), cache: index(head.current_path[node]) };
    },
    numa,
    cpu,
  ).value;

describe('mpath_find_path', () => {
  it('chooses what an independent oracle chooses, for all policies, lists, states, nodes and caches', () => {
    fc.assert(
      fc.property(
        fc.array(anyPath, { maxLength: 5 }),
        fc.constantFrom<mpath_iopolicy_e>(NUMA, RR, QD),
        fc.nat({ max: 5 }),
        fc.nat({ max: 2 }),
        (paths, policy, cachedAt, cpu) => {
          const cached = cachedAt < paths.length ? cachedAt : null;
          const { found, cache } = choose(paths, policy, cached, cpu);
          expect(found).toBe(oracle(paths, policy, cached, numa.cpuNodes[cpu] ?? 0));
          expect(cache).toBe(policy === QD ? cached : (found ?? cached));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('visits three non-optimized paths as A, C, B, A', () => {
    const nonOptimized: ToyPath = { disabled: false, available: true, state: NON, node: -1, depth: 0 };
    const order = runAlone(function* () {
      const { head, paths } = yield* makeHead([nonOptimized, nonOptimized, nonOptimized], RR);
      const seen: number[] = [];
      for (let turn = 0; turn < 4; turn++) {
        const idx = yield* srcu_read_lock(head.srcu);
        const found = yield* libV3.mpath_find_path(head);
        yield* srcu_read_unlock(head.srcu, idx);
        seen.push(paths.findIndex((dev) => dev === found));
      }
      return seen;
    }).value;
    expect(order).toEqual([0, 2, 1, 0]);
  });

  it('never ends when the chosen path was unlinked and no other is optimized (kept: v3 does)', () => {
    const machine = new Machine();
    machine.spawn('submitter', function* () {
      const nonOptimized: ToyPath = { ...usable, state: NON };
      const { head, paths } = yield* makeHead([nonOptimized, nonOptimized, nonOptimized], RR);
      const [a = null, b = null] = paths;
      head.current_path[0] = b;
      if (a === null || b === null) throw new Error('no paths');
      yield* libV3.mpath_delete_device(b);
      yield* libV3.mpath_find_path(head);
    });
    machine.run(virtualTime());
    expect(machine.reports.map(({ message }) => message)).toEqual([
      'watchdog: BUG: soft lockup - CPU#0 stuck: mpath_round_robin_path',
    ]);
  });
});
