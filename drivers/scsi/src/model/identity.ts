// SPDX-License-Identifier: GPL-2.0-only
import type { Identity } from '../environment/hardware/lun-nexus.js';
import type { ArrayParts } from '../environment/parts.js';
import { scsiDebugGroup } from '../fixtures/vpd-pages.js';
import type { ScsiPathTopology, ScsiTopology, ScsiUnitTopology } from '../topology.js';
import { lioIdentity } from './identity/lio.js';
import { qemuIdentity } from './identity/qemu.js';
import { scsiDebugIdentity } from './identity/scsi-debug.js';

/** Place of a path's host among those of the topology: the number that scsi_debug's host has. */
export const hostIndex = ({ hosts }: ScsiTopology, { host }: ScsiPathTopology): number =>
  hosts.findIndex(({ label }) => label === host);

/** Number of a group as descriptors have it: 1 for the first of the topology. */
export const groupNumber = (topology: ScsiTopology, name: string): number =>
  topology.groups.findIndex((group) => group.label === name) + 1;

/** Number of the target port group that a path is in; undefined: page 0x83 names none. */
export const groupOfPath = (topology: ScsiTopology, path: ScsiPathTopology): number | undefined => {
  if (topology.array === 'scsi_debug') return scsiDebugGroup(hostIndex(topology, path));
  return path.group === undefined ? undefined : groupNumber(topology, path.group);
};

/** What the unit says of itself on a path: standard INQUIRY data, and the pages 0, 0x80 and 0x83. */
export const identityOf = (
  topology: ScsiTopology,
  unit: ScsiUnitTopology,
  path: ScsiPathTopology,
  parts: ArrayParts,
): Identity => {
  switch (topology.array) {
    case 'scsi_debug':
      return scsiDebugIdentity({ hostNo: hostIndex(topology, path), target: path.id, lun: path.lun }, parts);
    case 'lio':
      return lioIdentity(topology, unit, path, parts);
    default:
      return qemuIdentity(unit, path, groupOfPath(topology, path));
  }
};
