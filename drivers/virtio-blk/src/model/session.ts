// SPDX-License-Identifier: GPL-2.0-only
import { completion, KObject, type gendisk } from '@libmultipath/driver-kit';

/** A read of a scenario, under its label. */
export class ModelRead extends KObject {
  /** First sector of each block. */
  readonly sectors: number[] = [];
  /** `ok`, `eof` or an errno name, of each that has ended. */
  readonly results: string[] = [];
  readonly ended = new completion(this);
  /** Opened for a read in the background, until that is awaited. */
  opened: gendisk | null = null;
}

/** A stream of writes, under its label: it stands for as many as the guest does. */
export class ModelLoad extends KObject {
  /** Writes that it may still begin. */
  tokens = 0;
  /** Writes begun so far: block i is the i-th. */
  begun = 0;
  completed = 0;
  stopping = false;
  stopped = false;
  readonly errors = new Set<string>();
  readonly written = new Map<number, string>();
  corrupt = false;
  readBack = 0;

  constructor(readonly disk: gendisk) {
    super();
  }
}

/** What a scenario has introduced. */
export class ModelSession extends KObject {
  readonly reads = new Map<string, ModelRead>();
  readonly loads = new Map<string, ModelLoad>();
  /** Blocks given to reads so far: each has its own. */
  blocksUsed = 0;
}
