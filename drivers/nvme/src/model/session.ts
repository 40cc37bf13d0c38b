// SPDX-License-Identifier: GPL-2.0-only
import { completion, KObject, type file, type gendisk } from '@libmultipath/driver-kit';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import type { BioRemap } from '../environment/journal.js';

/** A read of a scenario, under its label. */
export class model_read extends KObject {
  /** Result of each ended read: `ok`, `eof`, `short` or an errno name. */
  readonly results: string[] = [];
  /** Where its bios were sent, those of one after those of the other. */
  readonly remaps: BioRemap[] = [];
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
  readonly cpu: number;

  constructor(
    readonly disk: gendisk,
    cpu: number,
  ) {
    super();
    this.cpu = cpu;
  }
}

/** What a scenario has introduced, and the root of it in the state of the machine. */
export class model_session extends KObject {
  readonly reads = new Map<string, model_read>();
  readonly loads = new Map<string, model_load>();
  readonly holds = new Map<string, gendisk>();
  /** Character devices that are held. */
  readonly files = new Map<string, file>();
  /** Controllers whose character device is held. */
  readonly controllers = new Map<string, nvme_ctrl>();
  /** Label of a `try-…` step → `ok` or errno name. */
  readonly tries = new Map<string, string>();
  /** Blocks given to reads so far: each read has blocks of its own. */
  blocksUsed = 0;
}
