// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingId } from '@libmultipath/checker';
import type { FindingClass } from '@libmultipath/contract';
import { code, generated, table } from './markdown.js';

/** What each class means for whoever reads the name of a finding for the first time. */
const meanings: Readonly<Record<FindingClass, string>> = {
  'use-after-free':
    'Memory is used that was freed: read, written, freed again, or freed while a work, a timer, a lock or a reader is in it.',
  refcount: 'A reference count goes from 0 up, or below 0.',
  leak: 'Memory that nobody can reach any more, or that is still there after the last user has gone.',
  'lost-io':
    'A bio that was submitted has not ended, though everything is at rest and a path is usable or the disk is gone.',
  'duplicate-completion': 'A bio or a command is completed a second time.',
  hang: 'A task waits, and nobody is left who could wake it.',
  livelock: 'A task goes on for ever without getting anywhere.',
  deadlock: 'Tasks wait for each other in a ring, or one for itself.',
  'double-add':
    'Something is put where it is already, or taken from where it is not: a list, sysfs, a callback of RCU.',
  'null-dereference': 'A pointer is followed that is NULL.',
  'out-of-bounds': 'An index is outside of its array.',
  uninitialised: 'Something is used in which nothing was stored.',
  'wrong-path': 'A path is chosen that must not be: its removal has disabled it, cleared it from the cache and waited.',
  'stale-state':
    'What is kept of something is no longer true of it: a cached path that is off the list, a device deleted that was never added.',
  'data-loss': 'What was written and reported written is not there.',
  'data-race': 'Two accesses that nothing orders, one of them a plain write.',
  module: 'Code or counts of a module after its unload, or a count that does not come out.',
  'lock-order': 'Two locks are taken in two orders.',
  'sleep-in-atomic': 'A function that may sleep is called where nothing may.',
  'driver-contract': 'The driver does not keep a rule that the library relies on.',
  warning: 'Whatever else the kernel would print a WARN for.',
};

// Keys of a record whose type has every class and no other.
const classes = Object.keys(meanings) as FindingClass[];

/** The rows of docs/reports.md: class, first line, when. */
const reportRows = (root: string): string[][] =>
  readFileSync(join(root, 'docs/reports.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, 4)
        .map((one) => one.trim()),
    );

const part = (root: string, name: FindingClass): string => {
  const [prefix = ''] = findingId({ class: name, object: '', functions: [], sites: [], head: '' }).split('-');
  const rows = reportRows(root).filter(([of]) => of === code(name));
  return [
    `## ${prefix}: ${name}\n`,
    `${meanings[name]}\n`,
    rows.length === 0
      ? 'No line of the kernel: a property of the library, the driver or the scenario says it.\n'
      : table(
          ['first line', 'when'],
          rows.map(([, line = '', when = '']) => [line, when]),
        ),
  ].join('\n');
};

const intro = `A finding is a schedule at whose end something is wrong. Its name, \`UAF-711295\`, is made of the class and of
what does not depend on the schedule: the kind of the object, the kernel functions, the two sites. So one defect has one name,
whoever finds it and however the search went; an edit of the two places gives it another.

\`mpath check\` lists findings that are *known*: a page for each says what happens, whether the C does the same, who has reported it
and what mends it ([all of them](../findings.md)). [Reports](../reports.md) has every line with what happens to the task then.
`;

/** docs/reference/finding-classes.md. */
export const findingClasses = (root: string): string =>
  [
    generated('Finding classes', 'packages/contract, packages/checker and docs/reports.md') + intro,
    ...classes.map((name) => part(root, name)),
  ].join('\n');
