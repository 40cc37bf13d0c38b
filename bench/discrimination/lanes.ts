// SPDX-License-Identifier: GPL-2.0-only
import type { Memory } from './memory.js';
import type { Answers, Ask } from './messages.js';
import { Failed, ModelProcess, NoAnswer } from './process.js';
import type { Place } from './try-mutant.js';

/** Carries the tasks out in order of the list, each in the first lane that is free. */
export const inLanes = async <L, T>(
  lanes: readonly L[],
  tasks: readonly T[],
  work: (lane: L, task: T) => Promise<void>,
): Promise<void> => {
  const queue = [...tasks];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let task = queue.shift(); task !== undefined; task = queue.shift()) await work(lane, task);
    }),
  );
};

const kindOf = (ask: Ask): string => {
  const isMutant = 'mutant' in ask && ask.mutant >= 0;
  const depth = ask.what === 'judge' && ask.defects === true ? ' for defects' : '';
  return `${ask.what}${depth} of ${isMutant ? 'mutants' : 'the models'}`;
};

/** Holds one process at a time, started when something is asked that nobody has answered before. */
export class ProcessPlace implements Place {
  private running: Promise<ModelProcess> | undefined;

  constructor(
    private readonly child: string,
    private readonly modules: ReadonlyMap<string, string>,
    private readonly memory: Memory,
    /** Under which an answer is remembered; undefined: it is not. */
    private readonly keyOf: (ask: Ask) => string | undefined,
    private readonly atLoad = -1,
  ) {}

  async ask<W extends Ask['what']>(ask: Extract<Ask, { what: W }>, timeoutMs: number): Promise<Answers[W]> {
    const key = this.keyOf(ask);
    if (key === undefined) return (await this.process()).ask<W>(ask, timeoutMs);
    const known = this.memory.get(key);
    if (known !== undefined) {
      if ('failed' in known) throw new Failed(known.failed);
      if ('noAnswer' in known) throw new NoAnswer(known.noAnswer);
      // The key holds what was asked.
      return known.answer as Answers[W];
    }
    const process = await this.process();
    const began = performance.now();
    try {
      const answer = await process.ask<W>(ask, timeoutMs);
      this.memory.put(key, { answer });
      return answer;
    } catch (error) {
      if (error instanceof Failed) this.memory.put(key, { failed: error.message });
      if (error instanceof NoAnswer) this.memory.put(key, { noAnswer: error.message });
      throw error;
    } finally {
      this.memory.took(kindOf(ask), performance.now() - began);
    }
  }

  private process(): Promise<ModelProcess> {
    this.running ??= ModelProcess.start(this.child, this.modules, this.atLoad);
    return this.running;
  }

  async lost(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    const process = await running?.catch(() => undefined);
    await process?.end();
  }
}
