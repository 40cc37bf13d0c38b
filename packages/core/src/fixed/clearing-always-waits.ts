// SPDX-License-Identifier: GPL-2.0-only
import type { Remedy } from './remedy.js';

/** Who finds nothing to clear waits too: somebody else has cleared, and a reader may have the path still. */
export const clearing_always_waits: Remedy = {
  name: 'clearing-always-waits',
  removes: ['LOST-3c08b0', 'LIVE-8bfd43'],
  inC: '`mpath_clear_current_path()` becomes `void`, and whoever removes a path calls `mpath_synchronize()` after it in any case.',
  apply: (parts) => ({ ...parts, readers_may_have_it: () => true }),
};
