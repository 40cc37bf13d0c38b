// SPDX-License-Identifier: GPL-2.0-only
import { num_possible_nodes } from '@libmultipath/kernel';

/** Kernel: for_each_node(): the possible nodes, ascending, online or not. Pure. */
export const for_each_node = (): readonly number[] => [...Array(num_possible_nodes()).keys()];
