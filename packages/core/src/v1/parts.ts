// SPDX-License-Identifier: GPL-2.0-only
import { atomic_read, type Steps } from '@libmultipath/kernel';
import { MPATH_IOPOLICY_NUMA, type mpath_iopolicy_e } from '../constants.js';
import type { SelectionParts } from '../selection/parts.js';
import { callbacks } from '../structures/null-pointer.js';
import { uninitialised_candidates } from './candidate.js';
import type { bool_pointer } from './template.js';
import type { mpath_device, mpath_head } from './structures.js';
import { answer, number_from } from '../structures/ask.js';

const access_state = (head: mpath_head, dev: mpath_device): Steps<number> =>
  number_from('get_access_state', callbacks(head).get_access_state(dev));

/** How v1 chooses a path. */
export const selectionV1: SelectionParts<mpath_device, mpath_head> = {
  read_iopolicy: (head) => callbacks(head).get_iopolicy(head),
  // Every caller passes it, so a store in between does not show.
  *iopolicy_in_scan(_head, given = MPATH_IOPOLICY_NUMA): Steps<mpath_iopolicy_e> {
    return given;
  },
  access_state,
  access_state_in_walk: access_state,
  nr_active: (_head, dev) => atomic_read(dev.nr_active),
  ...uninitialised_candidates,
};

/** Both the value and what it wrote have to be true. Part of `mpath_available_path()`, v1 patch 04. */
export function* may_come_back(head: mpath_head, dev: mpath_device): Steps<boolean> {
  const available: bool_pointer = { value: false };
  return (yield* answer('available_path', callbacks(head).available_path(dev, available))) && available.value;
}
