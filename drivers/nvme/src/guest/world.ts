// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort, LoadOutcome } from '@libmultipath/driver-kit';
import type { NvmeTopology } from '../topology.js';
import type { Place } from './place.js';
import type { GuestTrace } from './trace/guest-trace.js';

/** A read of a scenario, under its label. */
export interface ReadRecord {
  /** First sector of each 4 KiB block that it reads. */
  readonly sectors: readonly number[];
  /** Result of each ended read: `ok` or an errno name. */
  readonly results: string[];
  /** Set while it goes on in the background. */
  pending: PendingRead | undefined;
}

export interface PendingRead {
  readonly fd: number;
  readonly job: number;
  /** Thread that submits it, as a trace names it. */
  readonly tid: number;
}

/** A stream of writes, under its label. */
export interface LoadRecord {
  readonly blocks: number;
  /** Handle of the agent; `undefined` once stopped. */
  load: number | undefined;
  result: LoadOutcome | undefined;
}

/** What the running scenario has introduced. */
export interface Session {
  readonly reads: Map<string, ReadRecord>;
  readonly loads: Map<string, LoadRecord>;
  /** Label → descriptor of the agent. */
  readonly holds: Map<string, number>;
  /** Label of a `try-…` step → `ok` or errno name. */
  readonly tries: Map<string, string>;
  /** Label → major:minor of its path disks while it is attached. */
  readonly devices: Map<string, readonly string[]>;
  /** Namespace → the size that a step gave it. */
  readonly sizesMiB: Map<number, number>;
  /** 4 KiB blocks given to reads so far: each read of a scenario has blocks of its own. */
  blocksUsed: number;
}

export const newSession = (): Session => ({
  reads: new Map(),
  loads: new Map(),
  holds: new Map(),
  tries: new Map(),
  devices: new Map(),
  sizesMiB: new Map(),
  blocksUsed: 0,
});

/** The guest as the words see it. */
export interface NvmeGuestWorld {
  readonly port: GuestPort;
  readonly topology: NvmeTopology;
  /** Controller label → where it is found. */
  readonly slots: ReadonlyMap<string, Place>;
  readonly trace: GuestTrace;
  session: Session;
}
