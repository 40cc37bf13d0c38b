// SPDX-License-Identifier: GPL-2.0-only
import { canonical, type Json } from './json.js';

/**
 * What one run of a scenario showed: the value of each observation under its label, in
 * the order of the file. A run that could not go on ends with {@link STUCK}.
 */
export type Outcome = Readonly<Record<string, Json>>;

/** Label under which a run that cannot go on says at which step it stands (`line: verb`). */
export const STUCK = '(stuck)';

/**
 * Label under which a run of the model lists what its kernel reported (sorted, each once).
 * A kernel that does the same is a `kernel-fault`, so such an outcome is never one to agree with.
 */
export const FAULT = '(kernel fault)';

/** Equal outcomes have equal keys. */
export const outcomeKey = (outcome: Outcome): string => canonical(outcome);
