// SPDX-License-Identifier: GPL-2.0-only
import { findingsOf } from '../finding/collect.js';
import { runPlanned } from './explore-in-units.js';
import { fingerprintOf } from './fingerprint.js';
import { sendError, type UnitAnswer, type UnitRequest } from './messages.js';
import { loadProgram, sourceText, type SourcedProgram } from './program-source.js';
import { loadWork } from './watched-work.js';

import type { UnitProgress } from './work-unit.js';

interface Known extends SourcedProgram {
  readonly fingerprint: string;
}

/** Programs that a lane keeps loaded. */
const MOST_LOADED = 256;

/**
 * Explores units on request; keeps the programs it loaded. Never throws: an error is an answer.
 * @param stop asked now and then; `exploring`: ends the present unit, `all`: ends the making of findings too
 * @param loaded told false before a module is imported, and true after
 */
export const unitAnswerer = (
  stop: { readonly exploring: () => boolean; readonly all: () => boolean },
  loaded: (done: boolean) => void = () => undefined,
  tell?: (progress: UnitProgress) => void,
  tellText: (text: string) => void = () => undefined,
): ((request: UnitRequest) => Promise<UnitAnswer>) => {
  const cache = new Map<string, Known>();
  return async ({ source, plan, unit, collect, call }) => {
    try {
      if (call !== undefined) {
        loaded(false);
        const work = await loadWork(source, call.args);
        loaded(true);
        return { name: sourceText(source), fingerprint: '', returned: await work(tellText) };
      }
      const key = JSON.stringify([source.module, source.export, source.args ?? null]);
      let known = cache.get(key);
      if (known === undefined) {
        loaded(false);
        const made = await loadProgram(source);
        loaded(true);
        known = { ...made, fingerprint: fingerprintOf(made.program) };
        if (cache.size >= MOST_LOADED) cache.clear();
        cache.set(key, known);
      }
      const { program, options = {}, fingerprint } = known;
      const { name } = program;
      if (collect !== undefined) {
        const findings = findingsOf(program, collect.found, { ...collect, stop: stop.all });
        return { name, fingerprint, findings };
      }
      if (unit === undefined) return { name, fingerprint };
      return { name, fingerprint, result: runPlanned(program, options, plan, unit, stop.exploring, tell) };
    } catch (error) {
      loaded(true);
      return { error: sendError(error) };
    }
  };
};
