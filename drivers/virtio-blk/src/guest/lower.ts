// SPDX-License-Identifier: GPL-2.0-only
import type { VmBlock, VmSpec } from '@libmultipath/driver-kit';
import type { VirtioTopology } from '../topology.js';

const MIB = 1_024 * 1_024;
const SECTORS_PER_BLOCK = 8;

const portId = (label: string): string => `port-${label}`;
const blockId = (label: string): string => `block-${label}`;

/**
 * Every disk shows the file of the first one, has its serial, and sits behind a root port of its own, so
 * that each can be removed and found again alone.
 */
export const lowerTopology = ({ disks, serial, sizeMiB, badBlock }: VirtioTopology): VmSpec => ({
  nodes: [{ cpus: 2, memoryMiB: 512 }],
  ports: disks.map((label) => ({ id: portId(label) })),
  blocks: disks.map((label, index): VmBlock => {
    const [first = label] = disks;
    const bad = badBlock[label];
    return {
      id: blockId(label),
      sizeBytes: sizeMiB * MIB,
      ...(index === 0 ? {} : { of: blockId(first) }),
      ...(bad === undefined ? {} : { failingSector: bad * SECTORS_PER_BLOCK }),
    };
  }),
  devices: disks.map((label) => ({
    driver: 'virtio-blk-pci',
    props: { id: `disk-${label}`, drive: blockId(label), serial, bus: portId(label) },
  })),
  modules: ['virtio_pci', 'virtio_blk', 'dm_mod', 'dm_multipath', 'dm_round_robin'],
  kernelArgs: [],
});
