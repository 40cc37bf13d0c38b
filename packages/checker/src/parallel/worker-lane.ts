// SPDX-License-Identifier: GPL-2.0-only
import { Worker } from 'node:worker_threads';
import { errors } from '../errors.js';
import { askPlace, type HaltedAt } from './ask-place.js';
import type { Lane } from './lane.js';
import { sendError, type UnitAnswer, type UnitRequest, type UnitWord } from './messages.js';
import { sourceText } from './program-source.js';
import { SharedPulse } from './shared-pulse.js';

/** What a worker thread starts from. */
export interface WorkerEntry {
  readonly url: URL;
  readonly execArgv?: readonly string[];
}

export const WORKER_ENTRY: WorkerEntry = { url: new URL('./unit-worker.js', import.meta.url) };

/** Milliseconds that a thread may take to start, or to import a module. */
const LOAD_MS = 60_000;
/** Looks at a thread's pulse within one bound, and milliseconds between two of them, at least and at most. */
const LOOKS = 4;
const LOOK_MS = 1_000;
/** Part of the bound that must have been spent computing before somebody is said to loop. */
const LEAST_CPU = 0.25;
/** Bounds after which a thread that waits for something, and computes nothing, is given up too. */
const MOST_STALLS = 6;

/** Milliseconds of a processor without a step that are none of a healthy thread's, when it was told to stop. */
const LOOPS_CPU_MS = 500;

/** Milliseconds of processor time of this process with all its threads. */
const ownCpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const stalled = (request: UnitRequest, stallMs: number, at: HaltedAt | undefined): UnitAnswer => {
  const { task, functions = [] } = at?.place ?? {};
  const [call] = at?.calls ?? [];
  const [fn] = functions;
  const named = [...new Set([call, fn].filter((name) => name !== undefined))].join(', called by ') || 'its code';
  const who = task === undefined ? 'before the first step of a run' : `in task ${task}`;
  return {
    error: sendError(
      errors.fail('LMP-341', {
        message: `${named} went on for ${String(stallMs)} ms without a step, ${who}`,
        where: [sourceText(request.source), ...functions].join(' < '),
        todo: 'end the loop, or let it yield: a kernel function that waits takes a step that waits',
      }),
    ),
  };
};

/**
 * Explores in a thread of its own, which is started with the first unit. A thread that
 * takes no step for `stallMs` is asked where it is, ended, and replaced.
 */
export const workerLane = (entry: WorkerEntry, stallMs: number): Lane => {
  const lookMs = Math.min(stallMs / LOOKS, LOOK_MS);
  const looks = Math.ceil(stallMs / lookMs);
  let pulse = new SharedPulse();
  let worker: Worker | undefined;
  let stopping: 'exploring' | 'all' | undefined;
  let given = false;
  let giveUpNow: (() => void) | undefined;

  const start = (): Worker => {
    pulse = new SharedPulse();
    if (stopping !== undefined) pulse.askToStop(stopping === 'all');
    const { execArgv } = entry;
    const started = new Worker(entry.url, {
      workerData: pulse.buffer,
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    // Without a listener the error of a thread that nobody asks would end the process.
    started.on('error', () => {
      if (worker === started) worker = undefined;
    });
    return started;
  };
  const drop = async (): Promise<void> => {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };

  return {
    explore: (request, tell, tellText) =>
      new Promise((resolve) => {
        if (given) {
          resolve({ ended: true });
          return;
        }
        const thread = (worker ??= start());
        let beats = pulse.beats;
        let loaded = pulse.loaded;
        let quiet = 0;
        let cpuMs = ownCpuMs();
        let since = performance.now();
        let settled = false;
        const settle = (answer: UnitAnswer): void => {
          settled = true;
          giveUpNow = undefined;
          clearInterval(look);
          thread.off('message', heard);
          thread.off('error', failed);
          thread.off('exit', ended);
          resolve(answer);
        };
        const heard = (said: UnitAnswer | UnitWord): void => {
          if ('progress' in said) tell?.(said.progress);
          else if ('text' in said) tellText?.(said.text);
          else settle(said);
        };
        const lost = (message: string, cause?: unknown): void => {
          if (worker === thread) worker = undefined;
          const fields = { message, where: sourceText(request.source), ...(cause === undefined ? {} : { cause }) };
          settle({ error: sendError(errors.fail('LMP-342', fields)) });
        };
        const failed = (error: unknown): void =>
          lost(`the exploring thread failed: ${error instanceof Error ? error.message : String(error)}`, error);
        const ended = (code: number): void => lost(`the exploring thread ended with code ${String(code)}`);
        const giveUp = async (quietMs = stallMs): Promise<void> => {
          const at = await askPlace(thread);
          // It may have come back while it was asked.
          if (settled) return;
          thread.off('exit', ended);
          await drop();
          settle(stalled(request, quietMs, at));
        };
        const look = setInterval(() => {
          // What passed while it loaded says nothing of how long it has been without a step since.
          if (pulse.beats !== beats || pulse.loaded !== loaded) {
            quiet = 0;
            cpuMs = ownCpuMs();
            since = performance.now();
          } else quiet++;
          beats = pulse.beats;
          loaded = pulse.loaded;
          if (quiet < looks * (pulse.loaded ? 1 : Math.max(1, LOAD_MS / stallMs))) return;
          // Whoever loops uses the processor; who gets none of it on a busy machine is not to blame.
          const starved = ownCpuMs() - cpuMs < stallMs * LEAST_CPU;
          if (starved && quiet < looks * MOST_STALLS) return;
          clearInterval(look);
          void giveUp();
        }, lookMs);
        giveUpNow = () => {
          // Told to stop, it goes on computing without a step: it would be found to loop, had there been time.
          if (pulse.loaded && pulse.beats === beats && ownCpuMs() - cpuMs > LOOPS_CPU_MS) {
            clearInterval(look);
            void giveUp(Math.round(performance.now() - since));
            return;
          }
          thread.off('exit', ended);
          void drop();
          settle({ ended: true });
        };
        thread.on('message', heard);
        thread.on('error', failed);
        thread.on('exit', ended);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
        thread.postMessage(request);
      }),
    askToStop: (all) => {
      stopping = all ? 'all' : (stopping ?? 'exploring');
      pulse.askToStop(all);
    },
    giveUp: () => {
      given = true;
      giveUpNow?.();
    },
    end: drop,
  };
};
