// SPDX-License-Identifier: GPL-2.0-only
import type { CommandCounts } from '../environment/command-counts.js';
import { completion, KObject, type gendisk } from '@libmultipath/driver-kit';

/** A read of a scenario, under its label. */
export class model_read extends KObject {
  /** Result of each ended transfer: `ok`, `eof` or an errno name. */
  readonly results: string[] = [];
  /** Paths that its bios were sent to. */
  readonly paths: string[] = [];
  /** Of a read in the background: its end. */
  readonly ended = new completion(this);
  /** Opened for a read in the background, until that is awaited. */
  opened: gendisk | null = null;
  isBackground = false;
}

/** Where a write of a load stood to the detach steps: only `before` and `after` are observed. */
export type LoadPhase = 'before' | 'during' | 'after';

export interface LoadWrite {
  phase: LoadPhase;
  readonly paths: readonly string[];
}

/** A stream of writes, under its label: it stands for as many as the guest does. */
export class model_load extends KObject {
  /** Writes it may still begin. */
  tokens = 0;
  /** Writes begun so far: block i is the i-th. */
  begun = 0;
  /** Writes that ended, either way. */
  completed = 0;
  stopping = false;
  /** The verification is over. */
  stopped = false;
  phase: LoadPhase = 'before';
  readonly writes: LoadWrite[] = [];
  readonly errors = new Set<string>();
  /** Block → what was last written to it without an error. */
  readonly written = new Map<number, string>();
  corrupt = false;
  readBack = 0;

  constructor(
    readonly disk: gendisk,
    readonly cpu: number,
  ) {
    super();
  }
}

/** What a scenario has introduced, and the root of it in the state of the machine. */
export class model_session extends KObject {
  readonly reads = new Map<string, model_read>();
  readonly loads = new Map<string, model_load>();
  readonly holds = new Map<string, gendisk>();
  /** Label of a `try-…` step, or one that keeps a result → `ok` or errno name. */
  readonly tries = new Map<string, string>();
  /** Paths whose disks are not in the machine. */
  readonly pulledOut = new Set<string>();
  /** Path → what its counters were when they were marked. */
  readonly marks = new Map<string, CommandCounts>();
  /** Blocks given to reads so far: each read has blocks of its own. */
  blocksUsed = 0;
}
