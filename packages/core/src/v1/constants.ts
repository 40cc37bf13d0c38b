// SPDX-License-Identifier: GPL-2.0-only

/** `enum mpath_access_state` of v1, as `get_access_state` gives it. Anything else is neither. */
export const MPATH_STATE_OPTIMIZED = 0;
export const MPATH_STATE_ACTIVE = 1;
export const MPATH_STATE_INVALID = 0xff;
export type mpath_access_state = typeof MPATH_STATE_OPTIMIZED | typeof MPATH_STATE_ACTIVE | typeof MPATH_STATE_INVALID;
