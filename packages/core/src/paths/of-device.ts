// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import { head_of, type mpath_device_with_head } from '../structures/mpath-device-with-head.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { forget_path } from './current-path.js';
import { unlink_path } from './dev-list.js';

type Path = mpath_device_with_head<mpath_head_base<mpath_device_base>>;

/**
 * Unlinks the path; no grace period, `current_path` is left alone.
 * Kernel: `mpath_delete_device()`, v2 and v3 patch 05. Context: may sleep. Returns whether the list is now empty.
 * Mainline: `nvme_ns_remove()`, its middle part.
 */
export const mpath_delete_device = kfn('mpath_delete_device', function* (dev: Path): Steps<boolean> {
  return yield* unlink_path(dev, yield* head_of(dev));
});

/**
 * Kernel: `mpath_clear_current_path()`, v2 and v3 patch 05. Returns whether any node was cleared.
 * Mainline: `nvme_mpath_clear_current_path()`.
 * @param answer what it returns instead
 */
export const make_clear_current_path = (answer: (cleared: boolean) => boolean) =>
  kfn('mpath_clear_current_path', function* (dev: Path): Steps<boolean> {
    return answer(yield* forget_path(yield* head_of(dev), dev));
  });
