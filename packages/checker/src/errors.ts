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
});

/** Numbered errors of the checker. */
export const checkerErrors = errors.catalogue;
