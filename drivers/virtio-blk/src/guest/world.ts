// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort, LoadOutcome } from '@libmultipath/driver-kit';
import type { VirtioTopology } from '../topology.js';
import type { Policy } from '../vocabulary/args.js';

/** Where a disk sits, whatever the kernel calls it at the moment. */
export interface Slot {
  readonly label: string;
  /** PCI function, `0000:01:00.0`. */
  readonly functionAddress: string;
  /** Bus behind its root port: a rescan of it finds this disk and no other. */
  readonly bus: string;
}

/** A disk that is plugged in. */
export interface Disk {
  readonly label: string;
  /** `vda`. */
  readonly name: string;
  /** `major:minor`. */
  readonly device: string;
  readonly sectors: number;
}

export interface ReadRecord {
  readonly sectors: readonly number[];
  readonly results: string[];
  /** Set while it goes on in the background. */
  pending: { readonly fd: number; readonly job: number } | undefined;
}

export interface LoadRecord {
  readonly blocks: number;
  /** Handle of the agent; undefined once stopped. */
  load: number | undefined;
  result: LoadOutcome | undefined;
}

/** What the running scenario has introduced; the state of the small multipathd is part of it. */
export interface Session {
  readonly reads: Map<string, ReadRecord>;
  readonly loads: Map<string, LoadRecord>;
  blocksUsed: number;
  /** Disks that are there, in the order in which they came. */
  readonly disks: Disk[];
  /** `major:minor` → label, also of those that went. */
  readonly labels: Map<string, string>;
  /** Name of the multipath disk, `dm-0`, from the first disk on. */
  head: string | undefined;
  delaySecs: number;
  policy: Policy;
  /** The last path went, and none has come since. */
  isOrphan: boolean;
}

export const newSession = (): Session => ({
  reads: new Map(),
  loads: new Map(),
  blocksUsed: 0,
  disks: [],
  labels: new Map(),
  head: undefined,
  delaySecs: 0,
  policy: 'numa',
  isOrphan: false,
});

/** The guest as the words see it. */
export interface VirtioGuestWorld {
  readonly port: GuestPort;
  readonly topology: VirtioTopology;
  readonly slots: ReadonlyMap<string, Slot>;
  session: Session;
}
