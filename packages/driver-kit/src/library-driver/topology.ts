// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryTopology, Reference } from '@libmultipath/contract';
import { NUMA_NO_NODE, type NumaTopology } from '@libmultipath/kernel';
import { z } from 'zod';
import { label } from '../words/args.js';
import type { LibraryHostOptions } from './structures.js';

const MAX_PATHS = 8;
const DEFAULT_SECTORS = 2_048;

/** `topology:` of a library driver's scenarios: one device, and the paths that there may be. */
export const libraryTopology = z.strictObject({
  /** Labels of the paths; none is attached when a scenario begins. */
  paths: z.array(label).min(1).max(MAX_PATHS),
  /** Size of the device in sectors of 512 bytes. */
  sectors: z.int().min(1).default(DEFAULT_SECTORS),
  /** Ids of the online NUMA nodes. */
  nodes: z.array(z.int().min(0)).min(1).default([0]),
  /** Node of each path; null, or past the end of the list: none. */
  pathNodes: z.array(z.int().min(0).nullable()).default([]),
});

export type LibraryTopology = z.infer<typeof libraryTopology>;

export const pathRef = (name: string): Reference => ({ kind: 'path', name });

export const declaredPaths = ({ paths }: LibraryTopology): readonly Reference[] => paths.map(pathRef);

/** Two CPUs on a single node, one on each of several. */
export const numaOf = ({ nodes }: LibraryTopology): NumaTopology => {
  const [only] = nodes;
  return { nodes, cpuNodes: nodes.length === 1 && only !== undefined ? [only, only] : nodes };
};

export const hostOptions = ({ paths, sectors, pathNodes }: LibraryTopology): LibraryHostOptions => ({
  sectors,
  slots: paths.map((name, index) => ({ label: name, node: pathNodes[index] ?? NUMA_NO_NODE })),
});

/** A shape of the battery: its paths are `p0`, `p1` and so on. */
export const ofShape = ({ paths, sectors, nodes, pathNodes }: BatteryTopology): LibraryTopology => ({
  paths: Array.from({ length: paths }, (_, index) => `p${String(index)}`),
  sectors,
  nodes: [...nodes],
  pathNodes: [...pathNodes],
});
