// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_freeze_queue_start,
  blk_mq_freeze_queue_wait,
  blk_mq_unfreeze_queue,
  flush_work,
  kfn,
  list_first_entry_or_null,
  list_next_or_null,
  mutex_lock,
  mutex_unlock,
  type request_queue,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_start_freeze, nvme_unfreeze, nvme_wait_freeze } from './freeze.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { subsystem_of } from './nvme-subsystem.js';
import { nvme_queue_scan } from './start-ctrl.js';

/** Admin commands that nothing may run beside, and whether the namespaces are another thing afterwards. */
const exclusive: ReadonlyMap<number, { readonly rescan: boolean }> = new Map([
  [0x80, { rescan: true }], // nvme_admin_format_nvm
  [0x84, { rescan: false }], // nvme_admin_sanitize_nvm
]);

/** For the queue of every head that has one. Context: `subsys->lock` held. */
function* for_each_head(ctrl: nvme_ctrl, body: (queue: request_queue) => Steps<void>): Steps<void> {
  const { nsheads } = subsystem_of(ctrl);
  let head = yield* list_first_entry_or_null(nsheads);
  for (; head !== null; head = yield* list_next_or_null(nsheads, head.entry)) {
    const disk = ctrl.core.mpath.disk_of?.(head) ?? null;
    if (disk !== null) yield* body(disk.queue);
  }
}

/** First the heads, then the paths. Kernel: nvme_passthru_start() with nvme_mpath_start_freeze(), all versions. */
const nvme_passthru_start = kfn('nvme_passthru_start', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* mutex_lock(ctrl.scan_lock);
  yield* mutex_lock(subsystem_of(ctrl).lock);
  yield* for_each_head(ctrl, blk_freeze_queue_start);
  yield* for_each_head(ctrl, blk_mq_freeze_queue_wait);
  yield* nvme_start_freeze(ctrl);
  yield* nvme_wait_freeze(ctrl);
});

/** Kernel: nvme_passthru_end() with nvme_mpath_unfreeze(), all versions. */
const nvme_passthru_end = kfn('nvme_passthru_end', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* nvme_unfreeze(ctrl);
  yield* for_each_head(ctrl, blk_mq_unfreeze_queue);
  yield* mutex_unlock(subsystem_of(ctrl).lock);
  yield* mutex_unlock(ctrl.scan_lock);
});

/**
 * Runs an admin command; around one that nothing may run beside, every queue of the subsystem's heads and of the
 * controller's paths is empty and frozen. Other controllers' paths have the heads' queues in front of them.
 * Kernel: nvme_passthru_start(), nvme_passthru_end(), all versions. Context: may sleep, no SRCU section.
 */
export function* with_effects(ctrl: nvme_ctrl, opcode: number, command: () => Steps<number>): Steps<number> {
  const effects = exclusive.get(opcode);
  if (effects === undefined) return yield* command();
  yield* nvme_passthru_start(ctrl);
  const status = yield* command();
  yield* nvme_passthru_end(ctrl);
  if (effects.rescan) {
    yield* nvme_queue_scan(ctrl);
    yield* flush_work(ctrl.scan_work);
  }
  return status;
}
