// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryTopology } from '@libmultipath/contract';
import type { NumaTopology } from '@libmultipath/kernel';
import { z } from 'zod';

const MAX_PATHS = 8;
/** 1 MiB: nothing depends on it. */
const SECTORS = 2_048;

const path = z
  .int()
  .min(0)
  .max(MAX_PATHS - 1);
const node = z.int().min(0).max(63);

/** Schema of `topology` in a shape of the battery; every default is filled in. */
export const batteryTopology = z
  .strictObject({
    paths: z.int().min(1).max(MAX_PATHS).describe('Paths that there may be.'),
    attached: z.array(path).optional().describe('Those that are there from the start; all unless said.'),
    unusable: z.array(path).optional().describe('Those of them that take no I/O at the start; none unless said.'),
    nodes: z.array(node).min(1).max(8).optional().describe('Ids of the online NUMA nodes, ascending; [0] unless said.'),
    'path-nodes': z.array(node.nullable()).max(MAX_PATHS).optional().describe('Node of each path; null: none.'),
    policy: z.enum(['numa', 'round-robin', 'queue-depth']).optional(),
    delay: z.int().min(0).max(3_600).optional().describe('Seconds that the head outlives its last path.'),
    sectors: z.int().min(8).optional(),
    shared: z.boolean().optional().describe('False: the driver wants no multipath disk for it.'),
    without: z.array(z.string().min(1)).optional().describe('What the template leaves out.'),
    'allocations-fail': z.boolean().optional().describe('Allocations may fail, but for those of the start.'),
  })
  .transform((value, context): BatteryTopology => {
    const attached = value.attached ?? Array.from({ length: value.paths }, (_, index) => index);
    const nodes = value.nodes ?? [0];
    const complain = (where: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [where], message });
    };
    if (attached.some((index) => index >= value.paths)) complain('attached', 'expected paths below `paths`');
    if (value.unusable?.some((index) => !attached.includes(index)) === true) {
      complain('unusable', 'expected paths of `attached`');
    }
    if (nodes.some((id, index) => index > 0 && id <= (nodes[index - 1] ?? 0))) {
      complain('nodes', 'expected ids in ascending order');
    }
    return {
      paths: value.paths,
      attached,
      unusable: value.unusable ?? [],
      nodes,
      pathNodes: value['path-nodes'] ?? [],
      policy: value.policy ?? 'numa',
      delayedRemovalSecs: value.delay ?? 0,
      sectors: value.sectors ?? SECTORS,
      shared: value.shared ?? true,
      without: value.without ?? [],
      allocationsFail: value['allocations-fail'] ?? false,
    };
  });

/** CPUs and nodes of the simulated machine of a shape. */
export const numaOfShape = ({ nodes }: BatteryTopology): NumaTopology => {
  const [only = 0] = nodes;
  return nodes.length > 1 ? { cpuNodes: [...nodes], nodes: [...nodes] } : { cpuNodes: [only, only], nodes: [only] };
};
