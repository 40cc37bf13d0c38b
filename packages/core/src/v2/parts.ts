// SPDX-License-Identifier: GPL-2.0-only
import { access_state_field } from '../selection/access-state.js';
import { initialised_candidates } from '../selection/candidate.js';
import type { SelectionParts } from '../selection/parts.js';
import { callbacks } from '../structures/null-pointer.js';
import type { mpath_device, mpath_head } from './structures.js';
import { number_from } from '../structures/ask.js';

/** How v2 chooses a path. */
export const selectionV2: SelectionParts<mpath_device, mpath_head> = {
  read_iopolicy: (head) => callbacks(head).get_iopolicy(head),
  // Asked again for each path: a store in between shows.
  iopolicy_in_scan: (head) => callbacks(head).get_iopolicy(head),
  ...access_state_field,
  nr_active: (head, dev) => number_from('get_nr_active', callbacks(head).get_nr_active(dev)),
  ...initialised_candidates,
};
