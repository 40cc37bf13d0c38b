// SPDX-License-Identifier: GPL-2.0-only
import { dataRace, type Machine, type Step, type Task } from '@libmultipath/kernel';
import type { FoundRace, FoundReport } from '../exploration.js';
import { identityKey, identityOf } from '../finding/identity.js';
import { RaceWatch } from './race-watch.js';

/** What KCSAN would print of the races that the kernel does not live with, as reports like others. */
export const racesAsReports = (races: readonly FoundRace[]): FoundReport[] => {
  const found = new Map<string, FoundReport>();
  for (const { report, tolerated, count, schedule } of races) {
    if (tolerated !== undefined) continue;
    const key = identityKey(identityOf(report));
    const known = found.get(key);
    const shorter = known === undefined || schedule.length < known.schedule.length ? { report, schedule } : known;
    found.set(key, { key, count: count + (known?.count ?? 0), report: shorter.report, schedule: shorter.schedule });
  }
  return [...found.values()];
};

/** The reports with those of data races among them, sorted by key. */
export const withRaces = (reports: readonly FoundReport[], races: readonly FoundRace[]): FoundReport[] =>
  [...reports, ...racesAsReports(races)].sort((a, b) => (a.key < b.key ? -1 : 1));

/** Books each data race of a run among the machine's reports when its second step is taken, as KCSAN does; told before each. */
export const raceReporter = (machine: Machine): ((task: Task, step: Step) => void) => {
  const told = new Set<string>();
  const watch = new RaceWatch((first, second, tasks) => {
    if (first.ordering !== 'plain' && second.ordering !== 'plain') return;
    const race = dataRace({ task: tasks[0], step: first }, { task: tasks[1], step: second });
    if (race === undefined || race.tolerated !== undefined) return;
    const key = identityKey(identityOf(race.report));
    if (told.has(key)) return;
    told.add(key);
    machine.reports.push(race.report);
  });
  return (task, step) => watch.taking(task, step, machine.tasks);
};
