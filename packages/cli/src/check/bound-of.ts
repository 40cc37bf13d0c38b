// SPDX-License-Identifier: GPL-2.0-only
import type { Exploration } from '@libmultipath/checker';
import type { CheckScenario } from '@libmultipath/contract';

const many = (count: number): string => count.toLocaleString('en-US');

const STOPPED = /^stopped after ([\d,]+) steps$/;

const stepsOf = (bound: string): number => Number(STOPPED.exec(bound)?.[1]?.replaceAll(',', ''));

/** Searches that ended at one bound took a few steps more or less: one group, with the least and the most. */
const groupsOf = (bounds: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  const add = (bound: string, count: number): Map<string, number> =>
    counts.set(bound, (counts.get(bound) ?? 0) + count);
  const stopped = bounds.filter((bound) => STOPPED.test(bound));
  for (const bound of bounds) if (!STOPPED.test(bound)) add(bound, 1);
  const steps = stopped.map(stepsOf);
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  if (stopped.length > 0) {
    add(`stopped after ${least === most ? many(least) : `${many(least)} to ${many(most)}`} steps`, stopped.length);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
};

/** `complete (sequential consistency)`, or what the scenarios have in the order of frequency. */
export const boundOf = (rows: readonly Pick<CheckScenario, 'bound'>[]): string => {
  const [only, ...others] = groupsOf(rows.map(({ bound }) => bound));
  if (only === undefined) return 'nothing explored';
  if (others.length === 0) return only[0];
  return [only, ...others].map(([bound, count]) => `${String(count)} of ${String(rows.length)} ${bound}`).join('; ');
};

const percent = (share: number): string => `${(share * 100).toPrecision(2)}%`;

/** Of a quick look at several programs: each has its own words in its row. Undefined: it was none. */
export const lookBoundOf = (explorations: readonly Exploration[]): string | undefined => {
  const looks = explorations.flatMap(({ look, complete }) => (look === undefined ? [] : [{ ...look, complete }]));
  const [first] = looks;
  if (first === undefined || looks.length < explorations.length || looks.length < 2) return undefined;
  const of = (count: number): string => `${many(count)} of ${many(looks.length)}`;
  const whole = looks.filter(({ complete }) => complete).length;
  const bounded = looks.flatMap(({ complete, preemptions }) =>
    complete || preemptions === undefined ? [] : [preemptions],
  );
  const sum = (key: 'pos' | 'pct'): number => looks.reduce((all, look) => all + look[key], 0);
  const drawn = looks.filter(({ pos, pct }) => pos + pct > 0);
  const odds = drawn.flatMap(({ pct, chance }) => {
    if (chance === undefined || pct === 0) return [];
    const { depth, tasks, steps, longer } = chance;
    return [-Math.expm1((pct - longer) * Math.log1p(-1 / (Math.max(1, tasks) * steps ** (depth - 1))))];
  });
  return [
    `quick: ${of(whole)} complete (sequential consistency)`,
    ...(bounded.length === 0
      ? []
      : [
          `${of(bounded.length)} complete up to ${many(Math.min(...bounded))} to ${many(Math.max(...bounded))} preemptions`,
        ]),
    ...(drawn.length === 0
      ? []
      : [
          `${of(drawn.length)} sampled, ${many(sum('pos'))} schedules by POS and ${many(sum('pct'))} by PCT, seed ${String(first.seed)}`,
        ]),
    ...(odds.length === 0
      ? []
      : [
          `PCT shows a bug of depth ${String(drawn.find(({ chance }) => chance !== undefined)?.chance?.depth ?? 0)} with at least ${percent(Math.min(...odds))} to ${percent(Math.max(...odds))}`,
        ]),
  ].join('; ');
};
