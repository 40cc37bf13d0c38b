// SPDX-License-Identifier: GPL-2.0-only

export const LOCAL_DISTANCE = 10;
export const NUMA_NO_NODE = -1;

/** CPUs and memory nodes of a simulated machine. Node ids may be sparse. */
export interface NumaTopology {
  /** Node of each CPU, by CPU number. */
  readonly cpuNodes: readonly number[];
  /** Online nodes, ascending. */
  readonly nodes: readonly number[];
  /** Distance of two different nodes; absent: 20. */
  readonly distance?: (from: number, to: number) => number;
}

/** One node with one CPU. */
export const singleNode: NumaTopology = { cpuNodes: [0], nodes: [0] };

/** `node_distance()`: 10 to itself. */
export const distanceOf = (topology: NumaTopology, from: number, to: number): number =>
  from === to ? LOCAL_DISTANCE : (topology.distance?.(from, to) ?? 20);
