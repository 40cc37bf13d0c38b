// SPDX-License-Identifier: GPL-2.0-only
import { READ_ONCE, WRITE_ONCE, type Steps } from '@libmultipath/kernel';
import type { mpath_device } from '../v3/structures.js';
import type { Remedy } from './remedy.js';

const access_state = (_head: unknown, dev: mpath_device): Steps<number> => READ_ONCE(dev, 'access_state');

/** Readers and the writer of the access state say that nothing orders them. */
export const access_state_is_marked: Remedy = {
  name: 'access-state-is-marked',
  removes: ['RACE-6ec802'],
  inC: 'The library reads `access_state` once for each path that it looks at, with `READ_ONCE()`, and drivers store it with a new `mpath_set_access_state()`, which is a `WRITE_ONCE()`.',
  apply: (parts) => ({
    ...parts,
    selection: { ...parts.selection, access_state, access_state_in_walk: access_state },
    store_access_state: (dev, state) => WRITE_ONCE(dev, 'access_state', state),
  }),
};
