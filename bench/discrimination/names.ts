// SPDX-License-Identifier: GPL-2.0-only

/** Global that holds the number of the mutant that is alive; -1: none. */
export const SWITCH = '__mpathMutant';
/** Global function that is told which probe was reached. */
export const PROBE = '__mpathReached';
/** Global function that is told when the mutant that is alive is evaluated. */
export const COUNT = '__mpathEvaluated';
