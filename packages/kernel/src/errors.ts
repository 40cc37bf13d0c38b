// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

export const errors = defineErrors({
  'LMP-001': {
    title: 'two tasks of one name',
    explain:
      'Schedules and replay tokens name tasks, so a program may start only one task of a name. ' +
      'Give the second task a name of its own, for example with the number of the bio it submits.',
    exit: 70,
  },
  'LMP-002': {
    title: 'a chooser picked a task that cannot run',
    explain: 'A chooser must return one of the enabled tasks it was given. This is a fault of the chooser.',
    exit: 70,
  },
  'LMP-003': {
    title: 'a run without end',
    explain:
      'One run of a program took more steps than its bound. Either a loop of a driver or program never ends, ' +
      'or the program is larger than the bound allows; the task and function named are where it stood.',
    exit: 2,
  },
  'LMP-004': {
    title: 'the initial state of a program waits',
    explain:
      'What a program does before its tasks start runs alone, so a lock that is held, a completion or a work ' +
      'cannot be waited for there. The step named is the one that would wait: move it into a task.',
    exit: 70,
  },
  'LMP-005': {
    title: 'no machine has these NUMA nodes',
    explain:
      'Node ids start at 0 and are listed in ascending order; gaps are allowed. Each online node is possible, ' +
      'there is a CPU at least, and each CPU is on an online node.',
    exit: 2,
  },
});

/** Numbered errors of the simulated kernel. */
export const kernelErrors = errors.catalogue;
