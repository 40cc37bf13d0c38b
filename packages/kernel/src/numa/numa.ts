// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { distanceOf, possibleNodes } from '../topology.js';

/** Kernel: cpu_to_node(). Pure. */
export const cpu_to_node = (cpu: number): number => currentMachine().numa.cpuNodes[cpu] ?? 0;

/** Kernel: numa_node_id(): node of the CPU that the running task is on. Pure. */
export const numa_node_id = (): number => cpu_to_node(current().cpu);

/** Kernel: for_each_node(): the possible nodes, ascending, online or not. Pure. */
export const for_each_node = (): readonly number[] => possibleNodes(currentMachine().numa);

/** Kernel: for_each_online_node(): the online nodes, ascending. Pure. */
export const for_each_online_node = (): readonly number[] => currentMachine().numa.nodes;

/** Kernel: node_online(). Pure. */
export const node_online = (node: number): boolean => for_each_online_node().includes(node);

/** Kernel: node_possible(). Pure. */
export const node_possible = (node: number): boolean => for_each_node().includes(node);

/** Kernel: num_possible_nodes(): how many there are. With sparse ids an array of that length is too short. Pure. */
export const num_possible_nodes = (): number => for_each_node().length;

/** Kernel: num_online_nodes(). Pure. */
export const num_online_nodes = (): number => for_each_online_node().length;

/** Kernel: nr_node_ids: highest possible id plus one: length of an array that is indexed by node. Pure. */
export const nr_node_ids = (): number => (for_each_node().at(-1) ?? 0) + 1;

/** Kernel: node_distance(). Pure. */
export const node_distance = (from: number, to: number): number => distanceOf(currentMachine().numa, from, to);
