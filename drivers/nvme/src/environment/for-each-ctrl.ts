// SPDX-License-Identifier: GPL-2.0-only
import {
  list_first_entry_or_null,
  list_next_or_null,
  mutex_lock,
  mutex_unlock,
  type Steps,
} from '@libmultipath/driver-kit';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_subsystem } from './nvme-subsystem.js';

/** Walks the subsystem's controllers under `nvme_subsystems_lock`. Context: may sleep. */
export function* for_each_ctrl(subsys: nvme_subsystem, body: (ctrl: nvme_ctrl) => Steps<void>): Steps<void> {
  const { core, ctrls } = subsys;
  yield* mutex_lock(core.nvme_subsystems_lock);
  let ctrl = yield* list_first_entry_or_null(ctrls);
  for (; ctrl !== null; ctrl = yield* list_next_or_null(ctrls, ctrl.subsys_entry)) yield* body(ctrl);
  yield* mutex_unlock(core.nvme_subsystems_lock);
}
