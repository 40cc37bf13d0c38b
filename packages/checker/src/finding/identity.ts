// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { siteLabel, type Report, type ReportClass, type Where } from '@libmultipath/kernel';

/** What two failing runs have in common when they show one defect: nothing of it depends on the schedule. */
export interface FindingIdentity {
  readonly class: ReportClass;
  /** Kind of the object, without the number of its allocation: `nvme_ns.work_struct`. */
  readonly object: string;
  /** Kernel function that the report names, then those of the other places (who freed, who completed …). */
  readonly functions: readonly string[];
  /** Site label of the report, then of the other place; one or none where a place is no step. */
  readonly sites: readonly string[];
  /** Start of the message, which tells two warnings of one site apart. */
  readonly head: string;
}

const PREFIX: Readonly<Record<ReportClass, string>> = {
  'use-after-free': 'UAF',
  refcount: 'REF',
  leak: 'LEAK',
  'lost-io': 'LOST',
  'duplicate-completion': 'DUP',
  hang: 'HANG',
  livelock: 'LIVE',
  deadlock: 'DEAD',
  'double-add': 'ADD',
  'null-dereference': 'NULL',
  'out-of-bounds': 'OOB',
  uninitialised: 'UNINIT',
  'wrong-path': 'PATH',
  'stale-state': 'STALE',
  'data-loss': 'DATA',
  'data-race': 'RACE',
  module: 'MOD',
  'lock-order': 'LOCK',
  'sleep-in-atomic': 'ATOMIC',
  'driver-contract': 'DRV',
  warning: 'WARN',
};

/** Kind of an object's label: numbers of allocations differ from schedule to schedule. */
export const kindOf = (label: string): string => label.replaceAll(/#\d+/g, '');

/** Tasks that do the same are `submitter 0`, `submitter 1`; outside any kernel function a task's name is the function. */
export const unnumberedTask = (name: string): string => kindOf(name).replaceAll(/\d+/g, 'N');

const HEAD_WORDS = 3;

/** What a report of object debugging names: two works of one structure are two defects. */
const HINT = / hint: (\S+)/;

/** The first words, without objects and numbers: further on, messages list tasks and values. */
const headOf = (message: string): string => {
  const words = message.split(' ').slice(0, HEAD_WORDS);
  const [, hint] = HINT.exec(message) ?? [];
  return [...words, ...(hint === undefined ? [] : [hint])]
    .filter((word) => !word.includes('#'))
    .join(' ')
    .replaceAll(/\d+/g, 'N');
};

const functionOf = ({ task, stack }: Where): string => stack[0] ?? unnumberedTask(task);

/** A site's label with nothing of one run in it. */
export const stableSite = (label: string, task: string): string =>
  label.startsWith(`${task}: `) ? `${unnumberedTask(task)}${label.slice(task.length)}` : label;

/** Where memory comes from says little about a defect, and is the same for most. */
const isCause = ({ role }: Report['others'][number]): boolean => role !== 'allocated by';

/** The identity of what the simulated kernel reported. */
export const identityOf = (report: Report): FindingIdentity => {
  const causes = report.others.filter(isCause);
  const own = report.stack[0] ?? report.site?.fn;
  const sites = [
    ...(report.site === undefined ? [] : [stableSite(siteLabel(report.site), report.task)]),
    ...causes.flatMap(({ where: { site, task } }) => (site === undefined ? [] : [stableSite(siteLabel(site), task)])),
  ];
  return {
    class: report.class,
    object: kindOf(report.object),
    functions: [
      own === undefined || own === report.task ? unnumberedTask(report.task) : own,
      ...causes.map(({ where }) => functionOf(where)),
    ],
    sites: sites.slice(0, 2),
    head: headOf(report.message),
  };
};

/** The identity as one line: what equal findings are grouped by. */
export const identityKey = (identity: FindingIdentity): string =>
  [identity.class, identity.object, identity.functions.join(' '), identity.sites.join(' ~ '), identity.head].join(
    ' | ',
  );

/** Short and readable name of a finding, e.g. `UAF-3f9c2a`: the same in every run and on every machine. */
export const findingId = (identity: FindingIdentity): string =>
  `${PREFIX[identity.class]}-${createHash('sha256').update(identityKey(identity)).digest('hex').slice(0, 6)}`;
