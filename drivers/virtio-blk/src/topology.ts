// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';
import { label, type NumaTopology, type Reference } from '@libmultipath/driver-kit';

/** What a scenario's `topology` says, with every default filled in: disks that show one file under one serial. */
export interface VirtioTopology {
  /** Labels of the disks, in the order of their slots. */
  readonly disks: readonly string[];
  readonly serial: string;
  readonly sizeMiB: number;
  /** Disk → block of 4 KiB whose requests that disk fails, and no other disk. */
  readonly badBlock: Readonly<Record<string, number>>;
  /** Online NUMA nodes; CPU i is on node i. Where there is one it has two CPUs. */
  readonly nodes: readonly number[];
  /** Disk → node of its slot; absent: of none. */
  readonly diskNode: Readonly<Record<string, number>>;
}

/** Schema of `topology` in a scenario of this driver. */
export const virtioTopology = z
  .strictObject({
    disks: z.array(label).min(1).max(16).describe('Disks that show one file, by label, in the order of their slots.'),
    // virtio 1.2, 5.2.6: the device id string has 20 bytes.
    serial: z.string().min(1).max(20).optional().describe('What all of them say; `libmultipath` unless given.'),
    sizeMiB: z.int().min(1).max(1_024).optional().describe('64 unless given.'),
    'bad-block': z
      .record(label, z.int().min(0))
      .optional()
      .describe('Disk and block of 4 KiB whose requests that disk fails, and no other disk.'),
  })
  .transform((value, context): VirtioTopology => {
    const twice = value.disks.find((name, index) => value.disks.indexOf(name) !== index);
    if (twice !== undefined) context.addIssue({ code: 'custom', path: ['disks'], message: `${twice} is named twice` });
    const badBlock = value['bad-block'] ?? {};
    for (const name of Object.keys(badBlock)) {
      if (value.disks.includes(name)) continue;
      context.addIssue({ code: 'custom', path: ['bad-block', name], message: `no disk is labelled ${name}` });
    }
    const { disks, serial = 'libmultipath', sizeMiB = 64 } = value;
    return { disks, serial, sizeMiB, badBlock, nodes: [0], diskNode: {} };
  });

/** Names that scenario steps may use. */
export const declaredNames = ({ disks }: VirtioTopology): readonly Reference[] =>
  disks.map((name) => ({ kind: 'disk', name }));

/** CPUs and nodes of the simulated machine. */
export const numaOf = ({ nodes }: VirtioTopology): NumaTopology =>
  nodes.length === 1 ? { cpuNodes: [...nodes, ...nodes], nodes } : { cpuNodes: nodes, nodes };
