// SPDX-License-Identifier: GPL-2.0-only
import {
  Machine,
  srcu_read_lock,
  srcu_read_unlock,
  virtualTime,
  type NumaTopology,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { mpath_iopolicy_e } from '../constants.js';
import { anyPath, numa, oracle } from '../testing/selection-oracle.js';
import { runAlone, usable, type ToyPath } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { makeHead, toyTemplate } from './testing/toy-driver.js';
import type { mpath_head } from './structures.js';

const [NUMA, RR, QD] = [0, 1, 2] as const;

const choose = (paths: readonly ToyPath[], policy: mpath_iopolicy_e, cached: number | null, cpu: number) =>
  runAlone(
    function* () {
      const { head, paths: made } = yield* makeHead(paths, policy);
      const node = numa.cpuNodes[cpu] ?? 0;
      head.current_path[node] = (cached === null ? undefined : made[cached]) ?? null;
      const idx = yield* srcu_read_lock(head.srcu);
      const found = yield* libV2.mpath_find_path(head);
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

describe('mpath_find_path of v2', () => {
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
      { numRuns: 300 },
    );
  });

  it('visits three paths that are not optimized as A, C, B, A', () => {
    const { value } = runAlone(function* () {
      const { head, paths } = yield* makeHead(
        [0, 0, 0].map(() => ({ ...usable, state: 1 })),
        RR,
      );
      const seen: number[] = [];
      for (let turn = 0; turn < 4; turn++) {
        const idx = yield* srcu_read_lock(head.srcu);
        const found = yield* libV2.mpath_find_path(head);
        yield* srcu_read_unlock(head.srcu, idx);
        seen.push(paths.findIndex((dev) => dev === found));
      }
      return seen;
    });
    expect(value).toEqual([0, 2, 1, 0]);
  });

  it('asks for the policy again for each path that is not disabled and has a node', () => {
    const { value } = runAlone(function* () {
      let asked = 0;
      const template = {
        ...toyTemplate,
        *get_iopolicy(head: mpath_head): Steps<mpath_iopolicy_e> {
          asked++;
          return yield* toyTemplate.get_iopolicy(head);
        },
      };
      const placed: ToyPath = { ...usable, node: 0 };
      const { head } = yield* makeHead([placed, usable, { ...placed, disabled: true }, placed], NUMA, template);
      const idx = yield* srcu_read_lock(head.srcu);
      yield* libV2.mpath_find_path(head);
      yield* srcu_read_unlock(head.srcu, idx);
      return asked;
    });
    expect(value).toBe(3);
  });

  it('leaves the array of cached paths where node ids have holes', () => {
    const sparse: NumaTopology = { cpuNodes: [0, 3], nodes: [0, 3], possible: [0, 3] };
    const find = (cpu: number): string[] => {
      const machine = new Machine({ numa: sparse });
      machine.spawn(
        'submitter',
        function* () {
          const { head } = yield* makeHead([usable], NUMA);
          const idx = yield* srcu_read_lock(head.srcu);
          yield* libV2.mpath_find_path(head);
          yield* srcu_read_unlock(head.srcu, idx);
        },
        { cpu },
      );
      machine.run(virtualTime());
      return machine.reports.map((report) => `${report.class}: ${report.message}`);
    };
    expect(find(0)).toEqual([]);
    expect(find(1)).toEqual([
      'out-of-bounds: UBSAN: array-index-out-of-bounds in mpath_numa_path: index 3 is out of range for mpath_head.current_path[2]',
    ]);
  });
});
