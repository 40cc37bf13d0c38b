// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { ScsiTopology } from '../topology.js';

/** Where a path is, whatever the kernel calls its disk at the moment. */
export interface Nexus {
  readonly label: string;
  /** Number of its host. */
  readonly host: number;
  /** `H:C:T:L`. */
  readonly address: string;
}

/** What the running scenario has introduced. */
export interface Session {
  /** Label → results of its reads. */
  readonly reads: Map<string, readonly string[]>;
  /** Label of a step that keeps what came of it → `ok` or errno name. */
  readonly tries: Map<string, string>;
  /** Paths that are attached. */
  readonly attached: Set<string>;
  /** Blocks of 4 KiB given to reads so far: each read of a scenario has blocks of its own. */
  blocksUsed: number;
}

export const newSession = (): Session => ({ reads: new Map(), tries: new Map(), attached: new Set(), blocksUsed: 0 });

/** The guest as the words see it. */
export interface ScsiGuestWorld {
  readonly port: GuestPort;
  readonly topology: ScsiTopology;
  /** Path label → its place. */
  readonly nexuses: ReadonlyMap<string, Nexus>;
  session: Session;
}

/** @throws LMP-261 */
export const nexusOf = (world: ScsiGuestWorld, label: string): Nexus => {
  const nexus = world.nexuses.get(label);
  if (nexus !== undefined) return nexus;
  throw errors.fail('LMP-261', { message: `no path is called ${label}`, where: 'topology.paths' });
};

/** Paths that are attached, in the order of the topology. */
export const attachedNexuses = (world: ScsiGuestWorld): readonly Nexus[] =>
  [...world.nexuses.values()].filter(({ label }) => world.session.attached.has(label));

/** Directory of the path's device. */
export const deviceDir = ({ address }: Nexus): string => `/sys/bus/scsi/devices/${address}`;
