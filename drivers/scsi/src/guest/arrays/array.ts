// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/driver-kit';
import type { ScsiTopology } from '../../topology.js';
import type { Nexus } from '../world.js';

/** What the units of a topology are in, as the guest has it. */
export interface GuestArray {
  /**
   * Brings the array to where a scenario begins, whatever an earlier one left: every host there, every unit as
   * described. Devices may be attached then; the caller deletes them.
   * @returns path label → its place
   * @throws LMP-261 the guest is not as it should be
   */
  readonly prepare: (port: GuestPort, topology: ScsiTopology) => Promise<ReadonlyMap<string, Nexus>>;
}
