// SPDX-License-Identifier: GPL-2.0-only
import { entryOf, gateOf, storyOf, type Finding, type KnownFinding } from '@libmultipath/checker';
import type { CheckFinding, CheckRevision, CheckScenario, CheckStates, FindingStory } from '@libmultipath/contract';
import { boundOf, lookBoundOf } from './bound-of.js';
import { checkedProgram } from './check-program.js';
import type { Explored, Job } from './job.js';
import type { KnownOf } from './known.js';
import { POSTED } from './models.js';

/** A scenario's row with what is printed of it beside the document. */
export interface CheckedRow {
  readonly row: CheckScenario;
  readonly job: Job;
  readonly explored: Explored;
  readonly findings: readonly Finding[];
}

/** One revision, explored and compared with what is known of it. */
export interface CheckedRevision {
  readonly part: CheckRevision;
  readonly rows: readonly CheckedRow[];
  /** What the lists say of the ids that were found. */
  readonly listed: ReadonlyMap<string, KnownFinding>;
  /** Ids that are listed and that this bound or sample did not show: that says nothing about them. */
  readonly unseen: readonly string[];
}

export interface AssembleOptions {
  /** Name of the model. */
  readonly revision: string;
  readonly remedied: boolean;
  readonly known: KnownOf;
  /** Every schedule was asked for, not those of a bound and no sample: else nothing counts as gone. */
  readonly exhaustive: boolean;
  /** States that were known again beside those at settle points. */
  readonly states?: CheckStates | undefined;
  /** All scenarios that the lists are about, every schedule of each. */
  readonly whole: boolean;
  /** Of the whole run. */
  readonly seconds: number;
  /** Steps of the whole run. */
  readonly steps: number;
}

/** Whose list holds: a remedied library is expected to show what v3 shows, or less. */
export const expectedRevision = (revision: string, remedied: boolean): string => (remedied ? POSTED : revision);

const verdictOf = (findings: readonly Finding[], { reached }: Explored): CheckScenario['verdict'] =>
  findings.length > 0 ? 'fail' : reached ? 'pass' : 'incomplete';

const documented = (finding: Finding, entry: string | undefined): CheckFinding => {
  const { id, functions, sites, tasks, switches, events, message, replay, object } = finding;
  const known = entry !== undefined;
  const as = known && entry !== id ? { as: entry } : {};
  return { id, class: finding.class, object, functions, sites, tasks, switches, events, message, replay, known, ...as };
};

/** Holds what was found to the lists. */
export const assemble = (
  jobs: readonly Job[],
  found: readonly Explored[],
  options: AssembleOptions,
): CheckedRevision => {
  const { revision, remedied, known, seconds, steps } = options;
  const expectedOn = expectedRevision(revision, remedied);
  const listed = new Map<string, KnownFinding>();
  const rows = jobs.flatMap((job, index): CheckedRow[] => {
    const explored = found[index];
    if (explored === undefined) return [];
    const { chosen } = job;
    const { exploration, reached, error, findings = [] } = explored;
    const list = (known.get(chosen.driver) ?? []).filter(({ revisions }) => revisions.includes(expectedOn));
    for (const finding of findings) {
      const entry = entryOf(list, finding);
      if (entry !== undefined) listed.set(finding.id, entry);
    }
    const { executions, states, ...stats } = exploration.stats;
    const share = steps === 0 ? 0 : (stats.steps + stats.replayedSteps) / steps;
    const row: CheckScenario = {
      name: chosen.scenario.name,
      driver: chosen.driver.name,
      verdict: verdictOf(findings, { exploration, reached }),
      bound: error === undefined ? exploration.bound : `failed: ${error.message}`,
      findings: findings.map((finding) => documented(finding, entryOf(list, finding)?.id)),
      stats: {
        executions,
        steps: stats.steps,
        replayedSteps: stats.replayedSteps,
        states,
        seconds: Math.round(seconds * share * 1_000) / 1_000,
      },
    };
    return [{ row, job, explored, findings }];
  });
  const whole = options.whole && !remedied && rows.every(({ explored }) => explored.reached);
  /** Was all explored that an entry says it is shown by? Without that it is about every scenario. */
  const wasExplored = ({ id, shownBy }: KnownFinding, driver: Job['chosen']['driver']): boolean => {
    // A sample or a bound that does not show something says nothing about it.
    if (!options.exhaustive || leftOpen(id, options.states)) return false;
    if (shownBy === undefined) return whole;
    const about = rows.filter(({ row, job }) => job.chosen.driver === driver && shownBy.includes(row.name));
    return !remedied && about.length === shownBy.length && about.every(({ explored }) => explored.reached);
  };
  const gone = [...known].flatMap(([driver, list]) => {
    const ids = rows.filter(({ job }) => job.chosen.driver === driver).flatMap(({ findings }) => findings);
    const gate = gateOf(
      list.filter((entry) => wasExplored(entry, driver)),
      ids,
      { revision, whole: true },
    );
    return gate.gone.map(({ id }) => id);
  });
  const scenarios = rows.map(({ row }) => row);
  const complete = rows.every(({ explored }) => explored.reached);
  const bound = lookBoundOf(rows.map(({ explored }) => explored.exploration)) ?? boundOf(scenarios);
  const part = { revision, complete, bound, scenarios, gone: gone.sort() };
  return {
    part,
    rows,
    listed,
    unseen: unseenOf(rows, known, expectedOn, ({ id }) => !options.exhaustive || leftOpen(id, options.states)),
  };
};

/**
 * Does a search that knows states again leave open whether such a finding is there? Data races are not looked for
 * across such a state, and what rests on a rule that no search can check is no proof that something is gone.
 */
const leftOpen = (id: string, states: CheckStates | undefined): boolean =>
  states === 'all-forgetting' || (states === 'all' && id.startsWith('RACE-'));

const unseenOf = (
  rows: readonly CheckedRow[],
  known: KnownOf,
  revision: string,
  isOpen: (entry: KnownFinding) => boolean,
): string[] => {
  const missing = [...known].flatMap(([driver, list]) => {
    const own = rows.filter(({ job }) => job.chosen.driver === driver);
    const names = own.map(({ row }) => row.name);
    const seen = new Set(own.flatMap(({ findings }) => findings.map((finding) => entryOf(list, finding)?.id)));
    const about = ({ shownBy }: KnownFinding): boolean => shownBy?.some((name) => names.includes(name)) ?? true;
    const due = list.filter((entry) => entry.revisions.includes(revision) && about(entry) && isOpen(entry));
    return due.map(({ id }) => id).filter((id) => !seen.has(id));
  });
  return [...new Set(missing)].sort();
};

/** Tells a finding for print. */
export const toldOf = ({ job, explored }: CheckedRow, finding: Finding): FindingStory =>
  storyOf(checkedProgram(job.chosen, job.profile), finding, {
    revision: job.profile.name,
    bound: explored.exploration.bound,
  });

/** Says of each finding whose it is: a driver's shows on the other revision too. */
export const withOwners = (checked: CheckedRevision, against: CheckedRevision): CheckedRevision => {
  const rows = checked.rows.map((one): CheckedRow => {
    const { row } = one;
    const other = against.rows.find(({ row: { name, driver } }) => name === row.name && driver === row.driver);
    const ownerOf = (id: string): CheckFinding['owner'] => {
      if (other === undefined) return undefined;
      if (other.row.findings.some((finding) => finding.id === id)) return 'driver';
      return other.explored.reached ? 'library' : undefined;
    };
    const findings = row.findings.map((finding): CheckFinding => {
      const owner = ownerOf(finding.id);
      return owner === undefined ? finding : { ...finding, owner };
    });
    return { ...one, row: { ...row, findings } };
  });
  const others = checked.part.scenarios.filter((row) => !checked.rows.some((one) => one.row === row));
  return { ...checked, rows, part: { ...checked.part, scenarios: [...others, ...rows.map(({ row }) => row)] } };
};
