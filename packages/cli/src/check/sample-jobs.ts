// SPDX-License-Identifier: GPL-2.0-only
import { Worker } from 'node:worker_threads';
import type { Exploration } from '@libmultipath/checker';
import { errors } from '../errors.js';
import type { ExploreContext, Explored, Job } from './job.js';
import type { SampleAnswer, SampleRequest } from './sample-worker.js';

export interface Draw {
  readonly schedules: number;
  readonly seed: number;
}

const nothing = (bound: string): Exploration => ({
  complete: false,
  bound,
  outcomes: [],
  reports: [],
  ends: { finished: 0, stuck: 0, stuckAt: [] },
  stats: { executions: 0, steps: 0, replayedSteps: 0, states: 0, memoHits: 0, pruned: 0, maxDepth: 0 },
});

const stoppedBy = ({ reason }: AbortSignal): Explored => ({
  exploration: nothing(typeof reason === 'string' ? `stopped by ${reason}` : 'stopped on request'),
  reached: false,
});

/** One thread for one job after the other; one that failed is replaced, and all end with the lane. */
const lane = async (
  next: () => number | undefined,
  run: (index: number, thread: Worker) => Promise<Explored>,
): Promise<void> => {
  let thread: Worker | undefined;
  try {
    for (let index = next(); index !== undefined; index = next()) {
      thread ??= new Worker(new URL('./sample-worker.js', import.meta.url));
      const { error } = await run(index, thread);
      if (error === undefined) continue;
      await thread.terminate();
      thread = undefined;
    }
  } finally {
    await thread?.terminate();
  }
};

const ask = (thread: Worker, request: SampleRequest, signal: AbortSignal, schedules: number): Promise<Explored> =>
  new Promise((resolve) => {
    const settle = (explored: Explored): void => {
      thread.off('message', answered);
      thread.off('error', failed);
      thread.off('exit', ended);
      signal.removeEventListener('abort', stop);
      resolve(explored);
    };
    const lost = (message: string): void => {
      const error = errors.fail('LMP-911', { message: `the sampling thread failed: ${message}` });
      settle({ exploration: nothing('failed'), reached: false, error });
    };
    const answered = (answer: SampleAnswer): void => {
      if ('failed' in answer) return lost(answer.failed);
      const { sampling } = answer;
      return settle({ exploration: sampling, reached: sampling.stats.executions === schedules });
    };
    const failed = (error: unknown): void => lost(error instanceof Error ? error.message : String(error));
    const ended = (code: number): void => lost(`exit code ${String(code)}`);
    const stop = (): void => settle(stoppedBy(signal));
    signal.addEventListener('abort', stop, { once: true });
    thread.on('message', answered);
    thread.on('error', failed);
    thread.on('exit', ended);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    thread.postMessage(request);
  });

/** Runs schedules drawn by chance of each job; the same for every number of threads. */
export const sampleJobs = async (jobs: readonly Job[], draw: Draw, context: ExploreContext): Promise<Explored[]> => {
  const { workers, timeMs, signal, progress } = context;
  const until = timeMs === undefined ? Infinity : performance.now() + timeMs;
  const found: Explored[] = [];
  let [taken, done] = [0, 0];
  const next = (): number | undefined => (taken < jobs.length ? taken++ : undefined);
  const run = async (index: number, thread: Worker): Promise<Explored> => {
    const job = jobs[index];
    if (job === undefined || signal.aborted) return (found[index] = stoppedBy(signal));
    const left = Math.ceil(until - performance.now());
    const request = { source: job.source, ...draw, ...(Number.isFinite(left) ? { timeMs: Math.max(1, left) } : {}) };
    const explored = await ask(thread, request, signal, draw.schedules);
    found[index] = explored;
    progress(`${String(++done)} of ${String(jobs.length)} sampled`);
    return explored;
  };
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, () => lane(next, run)));
  return found;
};
