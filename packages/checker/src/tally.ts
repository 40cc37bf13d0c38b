// SPDX-License-Identifier: GPL-2.0-only
import { siteLabel, type Machine, type Report } from '@libmultipath/kernel';
import { canonicalJson } from './canonical-json.js';
import type { Schedule } from './choice.js';
import type { Findings } from './exploration.js';
import { identityKey, identityOf } from './finding/identity.js';

interface Entry<T> {
  readonly key: string;
  readonly facts: T;
  count: number;
  length: number;
  schedule: Schedule;
}

/** Things by identity, with how often, and the shortest way to each. */
class Register<T> {
  private readonly entries = new Map<string, Entry<T>>();

  note(key: string, length: number, facts: () => T, schedule: () => Schedule): void {
    const entry = this.entries.get(key);
    if (entry === undefined) {
      this.entries.set(key, { key, facts: facts(), count: 1, length, schedule: schedule() });
      return;
    }
    entry.count++;
    if (length < entry.length) {
      entry.length = length;
      entry.schedule = schedule();
    }
  }

  sorted(): readonly Entry<T>[] {
    return [...this.entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}

/** The tasks that wait, and for what, in order of creation. */
export const blockedTasks = (machine: Machine): { task: string; site: string }[] =>
  machine.tasks
    .filter((task) => !task.done && (!task.service || task.busy))
    .map((task) => ({ task: task.name, site: task.pending === undefined ? '' : siteLabel(task.pending) }));

/** Collects what runs gave, so that equal things are one. */
export class Tally {
  private readonly outcomes = new Register<unknown>();
  private readonly reports = new Register<Report>();
  private readonly stuck = new Register<{ blocked: ReturnType<typeof blockedTasks>; outcome: unknown }>();
  private finishedRuns = 0;
  private stuckRuns = 0;

  finished(outcome: unknown, length: number, schedule: () => Schedule): void {
    this.finishedRuns++;
    this.outcomes.note(canonicalJson(outcome), length, () => outcome, schedule);
  }

  stuckRun(machine: Machine, outcome: unknown, length: number, schedule: () => Schedule): void {
    this.stuckRuns++;
    const blocked = blockedTasks(machine);
    const key = `${blocked
      .map(({ task, site }) => `${task} at ${site}`)
      .sort()
      .join('; ')} | ${canonicalJson(outcome)}`;
    this.stuck.note(key, length, () => ({ blocked, outcome }), schedule);
  }

  reported(reports: readonly Report[], length: number, schedule: () => Schedule): void {
    for (const report of reports) this.reports.note(identityKey(identityOf(report)), length, () => report, schedule);
  }

  findings(): Findings {
    return {
      outcomes: this.outcomes
        .sorted()
        .map(({ key, facts, count, schedule }) => ({ key, value: facts, count, schedule })),
      reports: this.reports
        .sorted()
        .map(({ key, facts, count, schedule }) => ({ key, report: facts, count, schedule })),
      ends: {
        finished: this.finishedRuns,
        stuck: this.stuckRuns,
        stuckAt: this.stuck.sorted().map(({ key, facts, count, schedule }) => ({ key, ...facts, count, schedule })),
      },
    };
  }
}
