// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort, LoadOutcome } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { ScsiTopology } from '../topology.js';
import type { Owner } from '../vocabulary/args.js';
import { newDmSession, type DmSession } from './dm-session.js';
import type { GuestArray } from './arrays/array.js';

/** Where a path is, whatever the kernel calls its disk at the moment. */
export interface Nexus {
  readonly label: string;
  /** Number of its host. */
  readonly host: number;
  /** `H:C:T:L`. */
  readonly address: string;
  /** What makes its host look at it: channel, target and unit. */
  readonly scan: string;
}

/** A stream of writes. */
export interface LoadRecord {
  /** Distinct blocks that it writes. */
  readonly blocks: number;
  /** Of the agent; undefined: it was stopped. */
  readonly load: number | undefined;
  readonly result: LoadOutcome | undefined;
}

export interface ReadRecord {
  readonly sectors: readonly number[];
  readonly results: string[];
  /** Set while it goes on in the background. */
  pending: { readonly fd: number; readonly job: number } | undefined;
}

/** What the running scenario has introduced. */
export interface Session {
  readonly reads: Map<string, ReadRecord>;
  readonly loads: Map<string, LoadRecord>;
  /** Label of a `hold` → descriptor. */
  readonly holds: Map<string, number>;
  /** What groups the paths; undefined: nobody does. */
  readonly dm: DmSession | undefined;
  /** Label of a step that keeps what came of it → `ok` or errno name. */
  readonly tries: Map<string, string>;
  /** Paths that are attached. */
  readonly attached: Set<string>;
  /** Paths whose disks are not in the machine. */
  readonly pulledOut: Set<string>;
  /** Addresses whose disks were announced. */
  readonly announced: Set<string>;
  /** Path → how many answers were armed. */
  readonly injected: Map<string, number>;
  /** Path → what its counters were when they were marked. */
  readonly marks: Map<string, Readonly<Record<string, number>>>;
  /** Blocks of 4 KiB given to reads so far: each read of a scenario has blocks of its own. */
  blocksUsed: number;
}

export const newSession = ({ over }: Pick<ScsiTopology, 'over'>): Session => ({
  dm: over === 'dm' ? newDmSession() : undefined,
  reads: new Map(),
  loads: new Map(),
  holds: new Map(),
  pulledOut: new Set(),
  tries: new Map(),
  attached: new Set(),
  announced: new Set(),
  injected: new Map(),
  marks: new Map(),
  blocksUsed: 0,
});

/** The guest as the words see it. */
export interface ScsiGuestWorld {
  readonly port: GuestPort;
  readonly topology: ScsiTopology;
  readonly array: GuestArray;
  /** Path label → its place. */
  nexuses: ReadonlyMap<string, Nexus>;
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

/** Directory of the device, or of a class device that belongs to it. */
export const ownerDir = (nexus: Nexus, owner: Owner): string => {
  switch (owner) {
    case 'scsi_disk':
      return `/sys/class/scsi_disk/${nexus.address}`;
    case 'scsi_host':
      return `/sys/class/scsi_host/host${String(nexus.host)}`;
    default:
      return deviceDir(nexus);
  }
};
