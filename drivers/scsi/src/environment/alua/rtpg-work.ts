// SPDX-License-Identifier: GPL-2.0-only
import {
  HZ,
  kfn,
  kfree,
  list_del_init,
  list_first_entry_or_null,
  list_next_or_null,
  load,
  queue_delayed_work,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  store,
  WARN_ON_ONCE,
  type Steps,
} from '@libmultipath/driver-kit';
import { SCSI_ACCESS_STATE_TRANSITIONING } from '../access-states.js';
import {
  SCSI_DH_IMM_RETRY,
  SCSI_DH_IO,
  SCSI_DH_OK,
  SCSI_DH_RES_TEMP_UNAVAIL,
  SCSI_DH_RETRY,
} from '../device-handler.js';
import { scsi_device_put } from '../device-reference.js';
import { scsi_execute_cmd } from '../execute.js';
import { testUnitReady } from '../opcodes.js';
import type { scsi_device } from '../scsi-device.js';
import { isSense } from '../sense.js';
import { NOT_READY, UNIT_ATTENTION } from '../status-codes.js';
import {
  ALUA_PG_RUN_RTPG,
  ALUA_PG_RUN_STPG,
  ALUA_PG_RUNNING,
  put_pg,
  type alua_port_group,
  type alua_queue_data,
} from './port-group.js';
import { alua_rtpg } from './rtpg.js';
import { alua_rtpg_select_sdev } from './select-sdev.js';
import { alua_stpg } from './stpg.js';

const ALUA_RTPG_RETRY_DELAY = 2;
const ALUA_FAILOVER_RETRIES = 5;

/** Sets and clears bits of the group's flags. Context: the group's lock held. */
function* change_flags(pg: alua_port_group, set: number, clear: number): Steps<void> {
  yield* store(pg, 'flags', ((yield* load(pg, 'flags')) & ~clear) | set);
}

/** Kernel: alua_tur(), all versions. @returns SCSI_DH_RETRY in transition, SCSI_DH_IO, SCSI_DH_OK */
const alua_tur = kfn('alua_tur', function* (sdev: scsi_device): Steps<number> {
  const timeoutS = sdev.core.parts.failover_timeout_s;
  const { result, sshdr } = yield* scsi_execute_cmd(sdev, testUnitReady, { timeoutS, retries: ALUA_FAILOVER_RETRIES });
  const inTransition =
    sshdr !== null && (isSense(sshdr, NOT_READY, 4, 0x0a) || isSense(sshdr, UNIT_ATTENTION, 4, 0x0a));
  if (inTransition) return SCSI_DH_RETRY;
  return result === 0 ? SCSI_DH_OK : SCSI_DH_IO;
});

/** Again, after the group's interval. */
function* requeue(pg: alua_port_group): Steps<void> {
  const seconds = yield* load(pg, 'interval');
  yield* queue_delayed_work(pg.core.kaluad_wq, pg.rtpg_work, seconds * HZ);
}

/** While a transition lasts, the unit is asked whether it is ready, before it is asked for its states. */
function* still_transitioning(pg: alua_port_group, sdev: scsi_device, state: number): Steps<boolean> {
  if (state !== SCSI_ACCESS_STATE_TRANSITIONING || (yield* alua_tur(sdev)) !== SCSI_DH_RETRY) return false;
  yield* spin_lock_irqsave(pg.lock);
  yield* change_flags(pg, ALUA_PG_RUN_RTPG, ALUA_PG_RUNNING);
  if ((yield* load(pg, 'interval')) === 0) yield* store(pg, 'interval', ALUA_RTPG_RETRY_DELAY);
  yield* spin_unlock_irqrestore(pg.lock);
  return true;
}

/** How far one run has come: `again`: the worker is queued, with its references. */
type Outcome =
  | { readonly kind: 'again' }
  | { readonly kind: 'on'; readonly error: number; readonly prev: scsi_device | null };

/** RTPG, perhaps on another device. The group's lock is held afterwards, unless the outcome is `again`. */
function* run_rtpg(pg: alua_port_group, sdev: scsi_device): Steps<Outcome> {
  const state = yield* load(pg, 'state');
  yield* change_flags(pg, 0, ALUA_PG_RUN_RTPG);
  yield* spin_unlock_irqrestore(pg.lock);
  if (yield* still_transitioning(pg, sdev, state)) {
    yield* requeue(pg);
    return { kind: 'again' };
  }
  let error = yield* alua_rtpg(sdev, pg);
  yield* spin_lock_irqsave(pg.lock);
  const prev = error === SCSI_DH_RES_TEMP_UNAVAIL ? yield* alua_rtpg_select_sdev(pg) : null;
  if (prev !== null) error = SCSI_DH_IMM_RETRY;
  const asked = ((yield* load(pg, 'flags')) & ALUA_PG_RUN_RTPG) !== 0;
  if (error === SCSI_DH_RETRY || error === SCSI_DH_IMM_RETRY || asked) {
    if (error === SCSI_DH_IMM_RETRY) yield* store(pg, 'interval', 0);
    else if (!asked && (yield* load(pg, 'interval')) === 0) yield* store(pg, 'interval', ALUA_RTPG_RETRY_DELAY);
    yield* change_flags(pg, ALUA_PG_RUN_RTPG, ALUA_PG_RUNNING);
    yield* spin_unlock_irqrestore(pg.lock);
    if (prev !== null) yield* scsi_device_put(prev);
    yield* requeue(pg);
    return { kind: 'again' };
  }
  if (error !== SCSI_DH_OK) yield* change_flags(pg, 0, ALUA_PG_RUN_STPG);
  return { kind: 'on', error, prev };
}

/** STPG, where it was asked for. The group's lock is held before, and afterwards unless the outcome is `again`. */
function* run_stpg(pg: alua_port_group, sdev: scsi_device, before: number): Steps<Outcome> {
  if (((yield* load(pg, 'flags')) & ALUA_PG_RUN_STPG) === 0) return { kind: 'on', error: before, prev: null };
  yield* change_flags(pg, 0, ALUA_PG_RUN_STPG);
  yield* spin_unlock_irqrestore(pg.lock);
  const error = yield* alua_stpg(sdev, pg);
  yield* spin_lock_irqsave(pg.lock);
  const asked = ((yield* load(pg, 'flags')) & ALUA_PG_RUN_RTPG) !== 0;
  if (error !== SCSI_DH_RETRY && !asked) return { kind: 'on', error, prev: null };
  yield* store(pg, 'interval', 0);
  yield* change_flags(pg, ALUA_PG_RUN_RTPG, ALUA_PG_RUNNING);
  yield* spin_unlock_irqrestore(pg.lock);
  yield* requeue(pg);
  return { kind: 'again' };
}

/** Everybody who waits is taken off the list, every device may be asked again. Context: the group's lock held. */
function* settle_group(pg: alua_port_group): Steps<readonly alua_queue_data[]> {
  const waiting: alua_queue_data[] = [];
  for (;;) {
    const qdata = yield* list_first_entry_or_null(pg.rtpg_list);
    if (qdata === null) break;
    yield* list_del_init(qdata.entry);
    waiting.push(qdata);
  }
  let h = yield* list_first_entry_or_null(pg.dh_list);
  for (; h !== null; h = yield* list_next_or_null(pg.dh_list, h.node)) yield* store(h, 'disabled', false);
  yield* store(pg, 'rtpg_sdev', null);
  return waiting;
}

/**
 * RTPG, then STPG if somebody activates, again as long as that is needed; then who waits is told.
 * Kernel: alua_rtpg_work(), 6.12 to 7.3. Context: may sleep.
 * References: drops those on group and device that alua_rtpg_queue() took, when it is not queued again.
 */
export const alua_rtpg_work = kfn('alua_rtpg_work', function* (pg: alua_port_group): Steps<void> {
  yield* spin_lock_irqsave(pg.lock);
  const sdev = yield* load(pg, 'rtpg_sdev');
  if (sdev === null) {
    WARN_ON_ONCE((pg.flags & (ALUA_PG_RUN_RTPG | ALUA_PG_RUN_STPG)) !== 0, 'alua_rtpg_work: nobody to ask');
    yield* spin_unlock_irqrestore(pg.lock);
    yield* put_pg(pg);
    return;
  }
  yield* change_flags(pg, ALUA_PG_RUNNING, 0);
  let done: Outcome = { kind: 'on', error: SCSI_DH_OK, prev: null };
  if (((yield* load(pg, 'flags')) & ALUA_PG_RUN_RTPG) !== 0) done = yield* run_rtpg(pg, sdev);
  if (done.kind === 'on') done = yield* run_stpg(pg, sdev, done.error);
  if (done.kind === 'again') return;
  const waiting = yield* settle_group(pg);
  yield* spin_unlock_irqrestore(pg.lock);
  for (const qdata of waiting) {
    if (qdata.callback_fn !== null) yield* qdata.callback_fn(done.error);
    yield* kfree(qdata);
  }
  yield* spin_lock_irqsave(pg.lock);
  yield* change_flags(pg, 0, ALUA_PG_RUNNING);
  yield* spin_unlock_irqrestore(pg.lock);
  yield* scsi_device_put(sdev);
  yield* put_pg(pg);
});
