// SPDX-License-Identifier: GPL-2.0-only
import { unitAnswerer } from './answer-unit.js';
import type { UnitAnswer, UnitRequest } from './messages.js';
import type { UnitProgress } from './work-unit.js';

/** Explores one unit at a time. */
export interface Lane {
  /** The caller waits for the answer before it asks again. */
  explore(
    request: UnitRequest,
    tell?: (progress: UnitProgress) => void,
    tellText?: (text: string) => void,
  ): Promise<UnitAnswer>;
  /**
   * Ends the present unit as soon as can be; its answer is `stopped`. With `all` findings are not made
   * smaller any more either.
   */
  askToStop(all: boolean): void;
  /** Whatever does not come back now never will: the answer is `ended`, also to what is asked later. */
  giveUp(): void;
  end(): Promise<void>;
}

/** Explores in this thread; `stop` is asked now and then, because nobody else can speak meanwhile. */
export const laneHere = (stop: () => boolean): Lane => {
  let asked = false;
  let askedAll = false;
  let telling: ((progress: UnitProgress) => void) | undefined;
  let tellingText: ((text: string) => void) | undefined;
  const answer = unitAnswerer(
    { exploring: () => asked || stop(), all: () => askedAll },
    () => undefined,
    (progress) => telling?.(progress),
    (text) => tellingText?.(text),
  );
  return {
    explore: async (request, tell, tellText) => {
      telling = tell;
      tellingText = tellText;
      // Signals and timers are heard between two units.
      await new Promise((resolve) => setImmediate(resolve));
      return answer(request);
    },
    askToStop: (all) => {
      asked = true;
      askedAll ||= all;
    },
    giveUp: () => {
      askedAll = true;
    },
    end: () => Promise.resolve(),
  };
};
