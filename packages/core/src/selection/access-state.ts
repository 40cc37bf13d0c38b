// SPDX-License-Identifier: GPL-2.0-only
import { load, type Steps } from '@libmultipath/kernel';
import { MPATH_STATE_NONOPTIMIZED, MPATH_STATE_OPTIMIZED, MPATH_STATE_OTHER } from '../constants.js';
import type { mpath_device_with_head } from '../structures/mpath-device-with-head.js';
import type { SelectionParts } from './parts.js';

/** Reads the field up to twice, as the walk does: it asks for one state, then for the other. */
function* access_state_in_walk(_head: unknown, dev: mpath_device_with_head<unknown>): Steps<number> {
  if ((yield* load(dev, 'access_state')) === MPATH_STATE_OPTIMIZED) return MPATH_STATE_OPTIMIZED;
  if ((yield* load(dev, 'access_state')) === MPATH_STATE_NONOPTIMIZED) return MPATH_STATE_NONOPTIMIZED;
  return MPATH_STATE_OTHER;
}

/** The access state as a field of the path that the driver writes, since v2. */
export const access_state_field = {
  access_state: (_head: unknown, dev: mpath_device_with_head<unknown>): Steps<number> => load(dev, 'access_state'),
  access_state_in_walk,
} satisfies Partial<SelectionParts<never, never>>;
