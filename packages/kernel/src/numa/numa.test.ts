// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { run } from '../testing/run.js';
import type { NumaTopology } from '../topology.js';
import { Machine } from '../machine.js';
import {
  cpu_to_node,
  for_each_node,
  for_each_online_node,
  node_distance,
  node_online,
  node_possible,
  nr_node_ids,
  num_online_nodes,
  num_possible_nodes,
  numa_node_id,
} from './numa.js';

const on = <T>(numa: NumaTopology, look: () => T, cpu = 0): T => {
  const seen: T[] = [];
  run(
    (machine) => {
      machine.spawn(
        't',
        function* () {
          seen.push(look());
        },
        { cpu },
      );
    },
    undefined,
    { numa },
  );
  const [value] = seen;
  if (value === undefined) throw new Error('the task did not run');
  return value;
};

const sparse: NumaTopology = { cpuNodes: [0, 2, 2], nodes: [0, 2], possible: [0, 2, 5] };

it('counts possible nodes, which with sparse ids are fewer than the highest id says', () => {
  expect(on(sparse, () => [num_possible_nodes(), nr_node_ids(), num_online_nodes()])).toEqual([3, 6, 2]);
  expect(on(sparse, for_each_node)).toEqual([0, 2, 5]);
  expect(on(sparse, for_each_online_node)).toEqual([0, 2]);
  expect(on(sparse, () => [2, 5, 1].map((node) => [node_online(node), node_possible(node)]))).toEqual([
    [true, true],
    [false, true],
    [false, false],
  ]);
});

it('takes every id up to the highest online one for possible when nothing is said', () => {
  const numa = { cpuNodes: [0, 3], nodes: [0, 3] };
  expect(on(numa, () => [for_each_node(), num_possible_nodes(), nr_node_ids()])).toEqual([[0, 1, 2, 3], 4, 4]);
});

it('knows the node of each CPU and the distance of two nodes', () => {
  expect(on(sparse, () => [numa_node_id(), cpu_to_node(0)], 2)).toEqual([2, 0]);
  const far: NumaTopology = { ...sparse, distance: (a, b) => 11 + a + b };
  expect(on(far, () => [node_distance(0, 0), node_distance(0, 2), node_distance(2, 5)])).toEqual([10, 13, 18]);
  expect(on(sparse, () => node_distance(0, 2))).toBe(20);
});

it.each<[string, NumaTopology]>([
  ['online nodes [2,0]', { cpuNodes: [0], nodes: [2, 0] }],
  ['online nodes []', { cpuNodes: [0], nodes: [] }],
  ['online nodes [-1]', { cpuNodes: [0], nodes: [-1] }],
  ['possible nodes [0,0]', { cpuNodes: [0], nodes: [0], possible: [0, 0] }],
  ['node 2 is online, but not possible', { cpuNodes: [0], nodes: [0, 2], possible: [0, 1] }],
  ['a machine needs a CPU', { cpuNodes: [], nodes: [0] }],
  ['CPU 1 is on node 4', { cpuNodes: [0, 4], nodes: [0] }],
])('refuses a machine with %s', (text, numa) => {
  expect(() => new Machine({ numa })).toThrow(text);
});
