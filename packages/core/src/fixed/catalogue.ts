// SPDX-License-Identifier: GPL-2.0-only
import { access_state_is_marked } from './access-state-is-marked.js';
import { clearing_always_waits } from './clearing-always-waits.js';
import { init_sets_module } from './init-sets-module.js';
import { last_put_releases_head } from './last-put-releases-head.js';
import { put_disk_ends_removal } from './put-disk-ends-removal.js';
import { rearming_puts_module } from './rearming-puts-module.js';
import type { Remedy } from './remedy.js';
import { remove_head_runs_once } from './remove-head-runs-once.js';
import { remove_kicks_after_grace_period } from './remove-kicks-after-grace-period.js';
import { submits_inside_section } from './submits-inside-section.js';
import { uninit_waits_for_completion } from './uninit-waits-for-completion.js';

/** Every remedy of the library; `fixed` is v3 with all of them. */
export const remedies: readonly Remedy[] = [
  init_sets_module,
  uninit_waits_for_completion,
  rearming_puts_module,
  remove_kicks_after_grace_period,
  submits_inside_section,
  put_disk_ends_removal,
  remove_head_runs_once,
  clearing_always_waits,
  last_put_releases_head,
  access_state_is_marked,
];
