// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver } from '@libmultipath/contract';
import { COUNT, PROBE, SWITCH } from './names.js';
import type { Lab } from './lab.js';
import type { Answers, Ask, Hits, Said } from './messages.js';

/*
 * A process that has the mutated modules in place of the models. The mutant that is alive while they
 * are loaded comes as an argument: a constant outside functions is evaluated only then.
 */
const shared = globalThis as Record<string, unknown>;
const reached = new Set<number>();
const differs = (value: unknown, mutants: () => unknown): boolean => {
  try {
    return !Object.is(value, mutants());
  } catch {
    return true;
  }
};
/** A place where the mutant would compute just what the model does is not reached by it. */
shared[PROBE] = (id: number, value?: unknown, mutants?: () => unknown): void => {
  if (!reached.has(id) && (mutants === undefined || differs(value, mutants))) reached.add(id);
};
let hits = { evaluated: 0, compared: 0, differed: 0 };
shared[COUNT] = (...values: readonly unknown[]): unknown => {
  hits.evaluated++;
  if (values.length === 0) return undefined;
  const [own, mutants] = values;
  hits.compared++;
  if (!Object.is(own, mutants)) hits.differed++;
  return mutants;
};
const hitsNow = (): Hits => ({
  evaluated: hits.evaluated,
  ...(hits.compared > 0 ? { differed: hits.differed } : {}),
});
const atLoad = Number(process.argv[2] ?? '-1');
shared[SWITCH] = atLoad;

/** Mutant of the last question. */
let lived = atLoad;

const say = (said: Said): void => void process.send?.(said);

const answer = async (lab: Lab, ask: Ask): Promise<Answers[keyof Answers]> => {
  if (ask.what === 'rows') return lab.rows();
  if (ask.what === 'reach') {
    reached.clear();
    await lab.reach(ask.row, ask.maxSteps);
    return [...reached];
  }
  if (lived !== ask.mutant) lab.forget();
  lived = ask.mutant;
  shared[SWITCH] = ask.mutant;
  hits = { evaluated: 0, compared: 0, differed: 0 };
  try {
    return ask.what === 'sample'
      ? { ...(await lab.sample(ask.row, ask.schedules)), hits: hitsNow() }
      : { ...(await lab.judge(ask.row, ask.maxSteps, ask.timeMs, ask.defects)), hits: hitsNow() };
  } finally {
    shared[SWITCH] = atLoad;
  }
};

const begin = async (): Promise<Lab> => {
  const config: unknown = await import(new URL('../../mpath.config.ts', import.meta.url).href);
  const { default: listed } = config as { readonly default: { readonly drivers: readonly AnyDriver[] } };
  const { Lab } = await import('./lab.js');
  return new Lab(listed.drivers);
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

try {
  const lab = await begin();
  process.on('message', (ask: Ask) => {
    void answer(lab, ask).then(
      (found) => say({ answer: found }),
      (error: unknown) => say({ failed: textOf(error) }),
    );
  });
  say({ loaded: [...reached] });
} catch (error) {
  say({ failed: textOf(error) });
}
process.on('disconnect', () => process.exit(0));
