// SPDX-License-Identifier: GPL-2.0-only
import { writeCheckpoint, type Checkpoint } from '@libmultipath/checker';

/** Writes of one file while a search goes on, one after the other. */
export class Saving {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly file: string) {}

  readonly onCheckpoint = (checkpoint: Checkpoint): void => {
    const before = this.last;
    this.last = before.then(() => writeCheckpoint(this.file, checkpoint));
    // It is thrown where the end is awaited.
    this.last.catch(() => undefined);
  };

  /** All that was given is written. @throws LMP-34n the first that could not be */
  settled(): Promise<void> {
    return this.last;
  }
}
