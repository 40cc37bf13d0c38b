// SPDX-License-Identifier: GPL-2.0-only
import { findingsOf, gateOf, storyOf, type Finding, type KnownFinding } from '@libmultipath/checker';
import type { CheckFinding, CheckRevision, CheckScenario, FindingStory } from '@libmultipath/contract';
import { scenarioRef } from '../findings/scenario-ref.js';
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
}

export interface AssembleOptions {
  /** Name of the model. */
  readonly revision: string;
  readonly remedied: boolean;
  readonly known: KnownOf;
  /** All scenarios that the lists are about, every schedule of each: else nothing counts as gone. */
  readonly whole: boolean;
  /** Of the whole run. */
  readonly seconds: number;
  /** Steps of the whole run. */
  readonly steps: number;
}

const verdictOf = (findings: readonly Finding[], { reached }: Explored): CheckScenario['verdict'] =>
  findings.length > 0 ? 'fail' : reached ? 'pass' : 'incomplete';

const documented = (finding: Finding, known: boolean): CheckFinding => {
  const { id, functions, sites, tasks, switches, events, message, replay, object } = finding;
  return { id, class: finding.class, object, functions, sites, tasks, switches, events, message, replay, known };
};

/** `complete (sequential consistency)`, or what the scenarios have in the order of frequency. */
const boundOf = (rows: readonly CheckScenario[]): string => {
  const counts = new Map<string, number>();
  for (const { bound } of rows) counts.set(bound, (counts.get(bound) ?? 0) + 1);
  const [only, ...others] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  if (only === undefined) return 'nothing explored';
  if (others.length === 0) return only[0];
  return [only, ...others].map(([bound, count]) => `${String(count)} of ${String(rows.length)} ${bound}`).join('; ');
};

/** Finds the findings of what was explored, each with its smallest schedule, and holds them to the lists. */
export const assemble = (
  jobs: readonly Job[],
  found: readonly Explored[],
  options: AssembleOptions,
): CheckedRevision => {
  const { revision, remedied, known, seconds, steps } = options;
  // A remedied library is expected to show what v3 shows, or less.
  const expectedOn = remedied ? POSTED : revision;
  const listed = new Map<string, KnownFinding>();
  const rows = jobs.flatMap((job, index): CheckedRow[] => {
    const explored = found[index];
    if (explored === undefined) return [];
    const { chosen, profile } = job;
    const { exploration, reached, error } = explored;
    const ref = scenarioRef(chosen, profile);
    const findings = findingsOf(checkedProgram(chosen, profile), exploration, { ref });
    const list = (known.get(chosen.driver) ?? []).filter(({ revisions }) => revisions.includes(expectedOn));
    const entryOf = ({ id }: Finding): KnownFinding | undefined => list.find((entry) => entry.id === id);
    for (const finding of findings) {
      const entry = entryOf(finding);
      if (entry !== undefined) listed.set(finding.id, entry);
    }
    const { executions, states, ...stats } = exploration.stats;
    const share = steps === 0 ? 0 : (stats.steps + stats.replayedSteps) / steps;
    const row: CheckScenario = {
      name: chosen.scenario.name,
      driver: chosen.driver.name,
      verdict: verdictOf(findings, { exploration, reached }),
      bound: error === undefined ? exploration.bound : `failed: ${error.message}`,
      findings: findings.map((finding) => documented(finding, entryOf(finding) !== undefined)),
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
  const wasExplored = ({ shownBy }: KnownFinding, driver: Job['chosen']['driver']): boolean => {
    if (shownBy === undefined) return whole;
    const about = rows.filter(({ row, job }) => job.chosen.driver === driver && shownBy.includes(row.name));
    return !remedied && about.length === shownBy.length && about.every(({ explored }) => explored.reached);
  };
  const gone = [...known].flatMap(([driver, list]) => {
    const ids = rows.filter(({ job }) => job.chosen.driver === driver).flatMap(({ findings }) => findings);
    const gate = gateOf(
      list.filter((entry) => wasExplored(entry, driver)),
      ids.map(({ id }) => id),
      { revision, whole: true },
    );
    return gate.gone.map(({ id }) => id);
  });
  const scenarios = rows.map(({ row }) => row);
  const complete = rows.every(({ explored }) => explored.reached);
  return { part: { revision, complete, bound: boundOf(scenarios), scenarios, gone: gone.sort() }, rows, listed };
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
