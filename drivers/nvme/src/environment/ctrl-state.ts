// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  READ_ONCE,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  wake_up_all,
  WRITE_ONCE,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  NVME_CTRL_CONNECTING,
  NVME_CTRL_DEAD,
  NVME_CTRL_DELETING,
  NVME_CTRL_DELETING_NOIO,
  NVME_CTRL_LIVE,
  NVME_CTRL_NEW,
  NVME_CTRL_RESETTING,
} from './constants.js';
import { nvme_start_failfast_work, nvme_stop_failfast_work } from './failfast.js';
import type { nvme_ctrl } from './nvme-ctrl.js';

/** State to be entered → states it may be entered from. Nothing else is legal. */
const legalFrom: ReadonlyMap<number, readonly number[]> = new Map([
  [NVME_CTRL_LIVE, [NVME_CTRL_CONNECTING]],
  [NVME_CTRL_RESETTING, [NVME_CTRL_NEW, NVME_CTRL_LIVE]],
  [NVME_CTRL_CONNECTING, [NVME_CTRL_NEW, NVME_CTRL_RESETTING]],
  [NVME_CTRL_DELETING, [NVME_CTRL_LIVE, NVME_CTRL_RESETTING, NVME_CTRL_CONNECTING]],
  [NVME_CTRL_DELETING_NOIO, [NVME_CTRL_DELETING, NVME_CTRL_DEAD]],
  [NVME_CTRL_DEAD, [NVME_CTRL_DELETING]],
]);

/** May a controller go from one state to the other? */
export const isLegalMove = (from: number, to: number): boolean => legalFrom.get(to)?.includes(from) ?? false;

/**
 * Kernel: nvme_change_ctrl_state(), all versions. Context: any, `ctrl->lock` not held.
 * @returns false when the move is not legal; nothing is changed then
 */
export const nvme_change_ctrl_state = kfn(
  'nvme_change_ctrl_state',
  function* (ctrl: nvme_ctrl, new_state: number): Steps<boolean> {
    yield* spin_lock_irqsave(ctrl.lock);
    const old_state = yield* READ_ONCE(ctrl, 'state');
    ctrl.slot.states.push(new_state);
    const changed = isLegalMove(old_state, new_state);
    if (changed) {
      if (new_state === NVME_CTRL_RESETTING) yield* ctrl.core.parts.count_reset(ctrl);
      yield* WRITE_ONCE(ctrl, 'state', new_state);
      // Part of that step: who waits for it looks at the state.
      ctrl.slot.entered.push(new_state);
      yield* wake_up_all(ctrl.state_wq);
    }
    yield* spin_unlock_irqrestore(ctrl.lock);
    if (changed) yield* ctrl.core.parts.state_follow_up(ctrl, old_state, new_state);
    return changed;
  },
);

/** A controller that is live again is waited for no longer. Part of nvme_change_ctrl_state(), all versions. */
function* went_live(ctrl: nvme_ctrl, old_state: number): Steps<void> {
  if (old_state === NVME_CTRL_CONNECTING) yield* nvme_stop_failfast_work(ctrl);
  yield* ctrl.core.mpath.kick_requeue_lists(ctrl);
}

/**
 * Queued I/O is tried again when a controller goes live; one that connects again may be given a time for it.
 * Part of nvme_change_ctrl_state(), 6.8 to 7.3.
 */
export function* follow_up_requested(ctrl: nvme_ctrl, old_state: number, new_state: number): Steps<void> {
  if (new_state === NVME_CTRL_LIVE) yield* went_live(ctrl, old_state);
  else if (new_state === NVME_CTRL_CONNECTING && old_state === NVME_CTRL_RESETTING) {
    yield* nvme_start_failfast_work(ctrl);
  }
}

/** The state is read again without the lock: a second move in between decides. Part of nvme_change_ctrl_state(), 6.1. */
export function* follow_up_reread(ctrl: nvme_ctrl, old_state: number): Steps<void> {
  if ((yield* READ_ONCE(ctrl, 'state')) === NVME_CTRL_LIVE) {
    yield* went_live(ctrl, old_state);
    return;
  }
  // Of a PCI function nothing would follow, so the second look is left out.
  if (ctrl.opts === null || old_state !== NVME_CTRL_RESETTING) return;
  if ((yield* READ_ONCE(ctrl, 'state')) === NVME_CTRL_CONNECTING) yield* nvme_start_failfast_work(ctrl);
}
