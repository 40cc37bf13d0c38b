// SPDX-License-Identifier: GPL-2.0-only
import { checkWhole } from '../bounds.js';
import { receiveError } from './messages.js';
import { STALL_MS } from './parallel-options.js';
import type { ProgramSource } from './program-source.js';
import { WORKER_ENTRY, workerLane, type WorkerEntry } from './worker-lane.js';

export interface WatchedCallOptions {
  /** Ends the thread at once, whatever it does. */
  readonly signal: AbortSignal;
  /** Milliseconds without a step after which the thread is ended; default 10,000. */
  readonly stallMs?: number;
  /** Told what the work says while it goes on. */
  readonly onText?: (text: string) => void;
  /** What the thread starts from; default: this package's own. */
  readonly entry?: WorkerEntry;
}

/**
 * Calls a {@link WatchedWork} of a module in a thread of its own, under the watchdog of `exploreSources`: what runs
 * code of a driver may never come back.
 * @returns what the work gave; `ended`: the signal came first
 * @throws LMP-340 no such function; LMP-341 it took no step for `stallMs`, with the place; LMP-342 the thread is
 *   gone; else what the work throws
 */
export const callWatched = async (
  source: Omit<ProgramSource, 'args'>,
  args: unknown,
  { signal, stallMs = STALL_MS, onText, entry = WORKER_ENTRY }: WatchedCallOptions,
): Promise<{ readonly returned: unknown } | { readonly ended: true }> => {
  checkWhole('stallMs', stallMs, 1);
  const lane = workerLane(entry, stallMs);
  const abort = (): void => lane.giveUp();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const answer = await lane.explore({ source, plan: {}, call: { args } }, undefined, onText);
    if ('error' in answer) throw receiveError(answer.error);
    return 'ended' in answer ? answer : { returned: answer.returned };
  } finally {
    signal.removeEventListener('abort', abort);
    await lane.end();
  }
};
