// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '@libmultipath/driver-kit';
import { toBe } from '../bytes.js';
import { errors } from '../../errors.js';
import type { LunNexus } from './lun-nexus.js';
import type { TargetPortGroup } from './port-group-state.js';
import type { Reservations } from './reservations.js';

export interface LogicalUnitOptions {
  readonly capacitySectors: number;
  /** TPGS of INQUIRY: 0 none, 1 implicit, 2 explicit, 3 both. */
  readonly tpgs?: number;
  /** Does the target refuse commands by access state, as LIO does? scsi_debug only announces. */
  readonly enforces?: boolean;
  /** Does RTPG know the extended header? Without it the bit is ignored, as scsi_debug does. */
  readonly extendedHeader?: boolean;
  /** Implicit transition time of the extended header, in seconds; 0 says nothing. */
  readonly transitionSeconds?: number;
  /** Peripheral device type; a disk without it. */
  readonly type?: number;
}

/** A logical unit of an array, the same for every path that leads to it. */
export class LogicalUnit extends KObject {
  /** Content of each 4 KiB, by number. */
  readonly blocks = new Map<number, string>();
  capacitySectors: number;
  readonly groups: readonly TargetPortGroup[];
  readonly nexuses: LunNexus[] = [];
  /** Persistent reservations: keys by path, and who holds the unit. */
  readonly reservations: Reservations = { keys: new Map(), holder: null };
  readonly tpgs: number;
  readonly enforces: boolean;
  readonly extendedHeader: boolean;
  readonly transitionSeconds: number;
  readonly type: number;

  constructor(groups: readonly TargetPortGroup[], options: LogicalUnitOptions) {
    super();
    this.groups = groups;
    this.capacitySectors = options.capacitySectors;
    this.tpgs = options.tpgs ?? 0;
    this.enforces = options.enforces ?? false;
    this.extendedHeader = options.extendedHeader ?? false;
    this.transitionSeconds = options.transitionSeconds ?? 0;
    this.type = options.type ?? 0;
  }

  /** Errors: LMP-251 when the array has no such group. */
  group(id: number): TargetPortGroup {
    const found = this.groups.find((group) => group.id === id);
    if (found !== undefined) return found;
    throw errors.fail('LMP-251', {
      message: `expected one of the groups ${this.groups.map((group) => group.id).join(', ')}, found ${String(id)}`,
      todo: 'describe the group when the logical unit is made',
    });
  }
}

/**
 * Parameter data of REPORT TARGET PORT GROUPS, whole: the header, then for each group its descriptor.
 * @param extended with the extended header, if it was asked for and the unit knows it
 */
export const targetPortGroupsReport = (
  { groups, transitionSeconds }: LogicalUnit,
  extended: boolean,
): readonly number[] => {
  const header = extended ? [0x10, transitionSeconds, 0, 0] : [];
  const descriptors = groups.flatMap((group) => [
    (group.preferred ? 0x80 : 0) | group.access_state,
    group.supported,
    ...toBe(group.id, 2),
    0,
    0,
    0,
    group.ports.length,
    ...group.ports.flatMap((port) => [0, 0, ...toBe(port, 2)]),
  ]);
  // LIO counts the descriptors only, not the extended header: the last one then ends 4 bytes behind the length.
  return [...toBe(descriptors.length, 4), ...header, ...descriptors];
};
