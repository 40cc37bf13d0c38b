// SPDX-License-Identifier: GPL-2.0-only
import { parentPort } from 'node:worker_threads';
import { loadProgram, sample, type ProgramSource, type Sampling } from '@libmultipath/checker';
import { isLmpError } from '@libmultipath/errors';

export interface SampleRequest {
  readonly source: ProgramSource;
  readonly schedules: number;
  readonly seed: number;
  readonly timeMs?: number;
}

export type SampleAnswer = { readonly sampling: Sampling } | { readonly failed: string };

/* Runs schedules drawn by chance, one program at a time: the thread that starts it can end it. */
if (parentPort === null) throw new Error('sample-worker runs as a worker thread only');
const port = parentPort;

const answer = async ({ source, schedules, seed, timeMs }: SampleRequest): Promise<SampleAnswer> => {
  try {
    const { program } = await loadProgram(source);
    const time = timeMs === undefined ? {} : { timeMs, now: () => performance.now() };
    return { sampling: sample(program, { schedules, seed, ...time }) };
  } catch (error) {
    return { failed: isLmpError(error) ? error.format() : error instanceof Error ? error.message : String(error) };
  }
};

const reply = async (request: SampleRequest): Promise<void> => {
  const found = await answer(request);
  port.postMessage(found);
};

port.on('message', (request: SampleRequest) => {
  void reply(request);
});
