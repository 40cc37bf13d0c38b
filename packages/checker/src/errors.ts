// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

export const errors = defineErrors({
  'LMP-301': {
    title: 'kernel code of a model threw',
    explain:
      'A function of a driver, a library or a program ended with a JavaScript exception that is no oops. ' +
      'That is a fault of the model, not of the modelled kernel. The cause carries the schedule that leads there; ' +
      'replay it to stand at the place.',
    exit: 70,
  },
  'LMP-302': {
    title: 'a program that is not deterministic',
    explain:
      'The same choices led to another step than before. A program may decide nothing by clock, random numbers or ' +
      'state that outlives a run: everything must be made anew in make(), and every choice belongs to the chooser.',
    exit: 70,
  },
  'LMP-303': {
    title: 'a schedule that does not fit the program',
    explain:
      'A recorded schedule names a task or step that is not there, or cannot run, at that point. ' +
      'The program or the code it runs is not the one that was recorded. The first place that differs is named.',
    exit: 2,
  },
  'LMP-304': {
    title: 'an outcome that is no JSON',
    explain:
      'Outcomes are compared as JSON: null, booleans, finite numbers, strings, arrays and plain objects of these. ' +
      'Objects of the simulated kernel do not belong in it; give their labels or the fields that matter.',
    exit: 70,
  },
  'LMP-305': {
    title: 'a settle point beside a running task',
    explain:
      'A step declared as barrier was able to run while a task other than a timer was able to run too. The search ' +
      'relies on settle points waiting for everybody; use settle() of the kernel package.',
    exit: 70,
  },
  'LMP-306': {
    title: 'search options that contradict each other',
    explain: 'A bound must be a whole number of at least 0 (preemptions) or 1, and timeMs needs the clock `now`.',
    exit: 2,
  },
  'LMP-320': {
    title: 'a replay token that is damaged',
    explain:
      'A replay token is one line: a version, the text and a checksum, with points between. Part of it is missing or ' +
      'was changed, as happens when a mail program breaks the line. Copy it again from where it was printed.',
    exit: 2,
  },
  'LMP-321': {
    title: 'a replay token of another version',
    explain: 'The token was made by another release, whose format this one does not read. Run the check again.',
    exit: 2,
  },
  'LMP-322': {
    title: 'a replay token of a program that is not here',
    explain:
      'The token names a program, a revision and arguments. No scenario of the configured drivers is this program; ' +
      'it was renamed or removed, or the driver is not configured.',
    exit: 2,
  },
  'LMP-323': {
    title: 'a replay token that the present code cannot follow',
    explain:
      'The code changed since the token was made, and the labels of its choices do not lead through the changed code. ' +
      'The first place that differs is named. Run the check again: a defect that is still there gets a new token.',
    exit: 2,
  },
  'LMP-324': {
    title: 'a list of known findings that cannot be read',
    explain:
      'findings.json of a findings directory holds {"schema": "mpath.findings/1", "findings": [{id, revisions, title, ' +
      'status: real | model | note, reporter, remedy?, shownBy?: [scenario], covers?: [{object, during, freedBy}]}]}. ' +
      '`covers`: uses of freed memory that are this finding at another place, by the kind of what was freed and by a kernel ' +
      'function that is under way at the use and one at the free. The place that differs is named.',
    exit: 2,
  },
  'LMP-325': {
    title: 'a known finding that is listed twice',
    explain: 'Each id stands once in findings.json; its revisions are a list.',
    exit: 2,
  },
  'LMP-326': {
    title: 'a known finding without its page, or a page without its finding',
    explain:
      'Each entry of findings.json has a page ID.md beside it that begins with a heading with the id: what happens, ' +
      'the schedule, who reported it, what mends it.',
    exit: 2,
  },
  'LMP-327': {
    title: 'a schedule that does not show its finding',
    explain:
      'The search found something in a run that does not show when the run is repeated. The program is not ' +
      'deterministic: something in it outlives a run.',
    exit: 70,
  },
  'LMP-328': {
    title: 'a repair that cannot begin',
    explain: 'The program as it is does not show the finding that is to be mended, or an argument is out of range.',
    exit: 2,
  },
  'LMP-340': {
    title: 'a program that cannot be loaded',
    explain:
      'A program is named by the URL of a module and an export of it: a program, or a function of one JSON value that ' +
      'makes one. The module could not be imported, or what it exports is neither.',
    exit: 2,
  },
  'LMP-341': {
    title: 'kernel code that never comes back',
    explain:
      'A function of a driver, a library or a program went on without taking a step: a loop that does not yield. ' +
      'Its thread was ended; the function, the task and the kernel functions above it are named. Other programs went ' +
      'on. Where there is no thread to end (no workers), such code hangs the command.',
    exit: 70,
  },
  'LMP-342': {
    title: 'an exploring thread that was lost',
    explain:
      'A worker thread ended before it answered, as when memory runs out. What it explored before counts; a ' +
      'checkpoint can be resumed with fewer workers.',
    exit: 70,
  },
  'LMP-343': {
    title: 'a checkpoint that is damaged',
    explain:
      'A checkpoint is two lines: schema, size and checksum of the second, and the books. What the file holds is not ' +
      'what was written: it was cut short, changed, or is no checkpoint. Explore from the start.',
    exit: 2,
  },
  'LMP-344': {
    title: 'a checkpoint of something else',
    explain:
      'A checkpoint goes on with the very programs, code and search options it was saved from. What differs is named: ' +
      'ask for the same again, or explore from the start.',
    exit: 2,
  },
  'LMP-345': {
    title: 'a checkpoint that cannot be written or read',
    explain: 'The file or its folder could not be used; the system says why.',
    exit: 2,
  },
});

/** Numbered errors of the checker. */
export const checkerErrors = errors.catalogue;
