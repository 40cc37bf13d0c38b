// SPDX-License-Identifier: GPL-2.0-only
import { errors } from './errors.js';

export const LOCAL_DISTANCE = 10;
export const REMOTE_DISTANCE = 20;
export const NUMA_NO_NODE = -1;

/** CPUs and memory nodes of a simulated machine. Node ids may be sparse. */
export interface NumaTopology {
  /** Node of each CPU, by CPU number. */
  readonly cpuNodes: readonly number[];
  /** Online nodes, ascending. */
  readonly nodes: readonly number[];
  /** Possible nodes, ascending: the online ones, and those that may come. Absent: every id up to the highest online. */
  readonly possible?: readonly number[];
  /** Distance of two different nodes; absent: 20. */
  readonly distance?: (from: number, to: number) => number;
}

/** One node with one CPU. */
export const singleNode: NumaTopology = { cpuNodes: [0], nodes: [0] };

/** `node_distance()`: 10 to itself. */
export const distanceOf = (topology: NumaTopology, from: number, to: number): number =>
  from === to ? LOCAL_DISTANCE : (topology.distance?.(from, to) ?? REMOTE_DISTANCE);

/** The possible nodes, ascending. */
export const possibleNodes = (topology: NumaTopology): readonly number[] =>
  topology.possible ?? Array.from({ length: (topology.nodes.at(-1) ?? 0) + 1 }, (_, node) => node);

const isAscending = (ids: readonly number[]): boolean =>
  ids.every((id, i) => Number.isInteger(id) && id > (i === 0 ? -1 : (ids[i - 1] ?? -1)));

const faultOf = ({ nodes, possible, cpuNodes }: NumaTopology): string | undefined => {
  if (nodes.length === 0 || !isAscending(nodes)) return `online nodes ${JSON.stringify(nodes)}: ids from 0, ascending`;
  if (possible !== undefined && !isAscending(possible)) {
    return `possible nodes ${JSON.stringify(possible)}: ids from 0, ascending`;
  }
  const missing = nodes.find((node) => possible?.includes(node) === false);
  if (missing !== undefined) return `node ${String(missing)} is online, but not possible`;
  if (cpuNodes.length === 0) return 'a machine needs a CPU';
  const cpu = cpuNodes.findIndex((node) => !nodes.includes(node));
  return cpu === -1 ? undefined : `CPU ${String(cpu)} is on node ${String(cpuNodes[cpu])}, which is not online`;
};

/** Those that were looked at: a search makes thousands of machines of one topology. */
const sound = new WeakSet<NumaTopology>([singleNode]);

/**
 * The topology, looked at once.
 * @throws LMP-005 no machine can look like that
 */
export const checkTopology = (topology: NumaTopology): NumaTopology => {
  if (sound.has(topology)) return topology;
  const fault = faultOf(topology);
  if (fault !== undefined) {
    throw errors.fail('LMP-005', { message: fault, todo: 'correct `numa` of the machine’s options' });
  }
  sound.add(topology);
  return topology;
};
