// SPDX-License-Identifier: GPL-2.0-only
import { kfn, synchronize_srcu, type Steps } from '@libmultipath/kernel';
import { gracePeriodBegins } from '../properties/removal-watch.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/**
 * Kernel: `mpath_synchronize()`, patch 05 of v1 to v3. Context: sleeps.
 * Mainline: none: callers write `synchronize_srcu(&head->srcu)`.
 */
export const mpath_synchronize = kfn(
  'mpath_synchronize',
  function* (head: mpath_head_base<mpath_device_base>): Steps<void> {
    const ended = gracePeriodBegins(head);
    yield* synchronize_srcu(head.srcu);
    ended();
  },
);
