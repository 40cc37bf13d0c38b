// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, isUninitialised, makeStep, uninitialised } from '@libmultipath/kernel';
import type { CandidateParts } from '../selection/candidate.js';

/**
 * As v1 declares them: with what was on the stack. That may happen to be NULL, which does no
 * harm; so where it decides something, the environment chooses, in one step.
 */
export const uninitialised_candidates: CandidateParts = {
  candidate: (variable) => uninitialised<null>('struct mpath_device *', `mpath_dev_${variable}`),
  *is_found(candidate) {
    if (!isUninitialised(candidate)) return candidate !== null;
    const step = makeStep('stack', currentMachine().clock, 'memory', 'read', { branches: 2 });
    yield step;
    step.value = step.branch === 0 ? 'NULL' : 'garbage';
    return step.branch !== 0;
  },
};
