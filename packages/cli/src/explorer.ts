// SPDX-License-Identifier: GPL-2.0-only
import { Worker } from 'node:worker_threads';
import { parseScenario } from '@libmultipath/scenario';
import type { AnyDriver, ModelProfile } from '@libmultipath/contract';
import type { Allowed } from '@libmultipath/conformance';
import { errors } from './errors.js';
import { exploreModel } from './explore-model.js';
import type { Chosen } from './selection.js';

/** Says what a model allows in a scenario; asked again, it answers the same without a new search. */
export interface Explorer {
  allowed(chosen: Chosen, profile: ModelProfile<unknown, unknown>, windowScale: number): Promise<Allowed>;
  end(): Promise<void>;
}

export interface ExploreTask {
  readonly driver: string;
  readonly model: string;
  readonly text: string;
  readonly file: string;
  readonly windowScale: number;
}

export type ExploreAnswer = { readonly allowed: Allowed } | { readonly failed: string };

type Ask = (chosen: Chosen, profile: ModelProfile<unknown, unknown>, windowScale: number) => Promise<Allowed>;

const remembering = (ask: Ask): Ask => {
  const known = new Map<string, Promise<Allowed>>();
  return (chosen, profile, windowScale) => {
    const key = JSON.stringify([chosen.driver.name, chosen.scenario.file, profile.name, windowScale]);
    const answer = known.get(key) ?? ask(chosen, profile, windowScale);
    known.set(key, answer);
    return answer;
  };
};

/** Explores in this thread. Takes any driver value, also one that no configuration lists. */
export const explorerHere = (drivers: readonly AnyDriver[]): Explorer => ({
  allowed: remembering(async (chosen, profile, windowScale) => {
    const scenario = parseScenario(chosen.text, chosen.scenario.file, drivers, { windowScale });
    return Promise.resolve(exploreModel(scenario, chosen.driver, profile));
  }),
  end: () => Promise.resolve(),
});

/** One exploring thread, or the place for one: it is started when there is something to explore. */
class Lane {
  private worker: Worker | undefined;
  private asked: { readonly resolve: (allowed: Allowed) => void; readonly reject: (reason: Error) => void } | undefined;

  constructor(private readonly configFile: string) {}

  /** Explores one scenario; the caller waits for the answer before it asks again. */
  explore(task: ExploreTask): Promise<Allowed> {
    return new Promise((resolve, reject) => {
      this.asked = { resolve, reject };
      this.worker ??= this.start();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
      this.worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.asked = undefined;
    worker?.removeAllListeners();
    await worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(new URL('./explore-worker.js', import.meta.url), { workerData: this.configFile });
    worker.on('message', (answer: ExploreAnswer) => {
      if ('allowed' in answer) this.asked?.resolve(answer.allowed);
      else this.fail(answer.failed);
    });
    worker.on('error', (error: unknown) => this.fail(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => this.fail(`exit code ${String(code)}`));
    return worker;
  }

  private fail(reason: string): void {
    this.worker = undefined;
    this.asked?.reject(errors.fail('LMP-911', { message: `the exploring thread failed: ${reason}` }));
  }
}

/** Explores in `width` threads of their own, which load the configuration again. */
export const explorerInWorkers = (configFile: string, width: number): Explorer => {
  const lanes = Array.from({ length: Math.max(1, width) }, () => new Lane(configFile));
  const idle = [...lanes];
  const waiting: ((lane: Lane) => void)[] = [];
  const giveBack = (lane: Lane): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(lane);
    else next(lane);
  };
  const borrow = (): Promise<Lane> => {
    const lane = idle.shift();
    return lane === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(lane);
  };
  return {
    allowed: remembering(async ({ text, scenario, driver }, profile, windowScale) => {
      const lane = await borrow();
      try {
        return await lane.explore({ driver: driver.name, model: profile.name, text, file: scenario.file, windowScale });
      } finally {
        giveBack(lane);
      }
    }),
    end: async () => {
      await Promise.all(lanes.map((lane) => lane.end()));
    },
  };
};
