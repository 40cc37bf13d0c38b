// SPDX-License-Identifier: GPL-2.0-only
import type { Exploration } from '@libmultipath/checker';
import type { CheckScenario } from '@libmultipath/contract';

/** `complete (sequential consistency)`, or what the scenarios have in the order of frequency. */
export const boundOf = (rows: readonly CheckScenario[]): string => {
  const counts = new Map<string, number>();
  for (const { bound } of rows) counts.set(bound, (counts.get(bound) ?? 0) + 1);
  const [only, ...others] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  if (only === undefined) return 'nothing explored';
  if (others.length === 0) return only[0];
  return [only, ...others].map(([bound, count]) => `${String(count)} of ${String(rows.length)} ${bound}`).join('; ');
};

const many = (count: number): string => count.toLocaleString('en-US');

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
