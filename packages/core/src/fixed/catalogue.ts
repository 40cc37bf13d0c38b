// SPDX-License-Identifier: GPL-2.0-only
import { init_sets_module } from './init-sets-module.js';
import { rearming_puts_module } from './rearming-puts-module.js';
import type { Remedy } from './remedy.js';
import { remove_kicks_after_grace_period } from './remove-kicks-after-grace-period.js';
import { uninit_waits_for_completion } from './uninit-waits-for-completion.js';

/** Every remedy of the library; `fixed` is v3 with all of them. */
export const remedies: readonly Remedy[] = [
  init_sets_module,
  uninit_waits_for_completion,
  rearming_puts_module,
  remove_kicks_after_grace_period,
];
