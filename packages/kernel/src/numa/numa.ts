// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { distanceOf } from '../topology.js';

/** Kernel: numa_node_id(): node of the CPU that the running task is on. Pure. */
export const numa_node_id = (): number => currentMachine().numa.cpuNodes[current().cpu] ?? 0;

/** Kernel: num_possible_nodes(): highest online node plus one, so that arrays by node are long enough. Pure. */
export const num_possible_nodes = (): number => Math.max(...currentMachine().numa.nodes) + 1;

/** Kernel: for_each_online_node(): the online nodes, ascending. Pure. */
export const for_each_online_node = (): readonly number[] => currentMachine().numa.nodes;

/** Kernel: node_distance(). Pure. */
export const node_distance = (from: number, to: number): number => distanceOf(currentMachine().numa, from, to);
