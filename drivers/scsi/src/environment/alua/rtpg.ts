// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  dev_err,
  dev_info,
  dev_warn,
  HZ,
  jiffies,
  kfn,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  load,
  spin_lock_irqsave,
  spin_trylock_irqsave,
  spin_unlock_irqrestore,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  accessStateLetter,
  SCSI_ACCESS_STATE_MASK,
  SCSI_ACCESS_STATE_OFFLINE,
  SCSI_ACCESS_STATE_PREFERRED,
  SCSI_ACCESS_STATE_STANDBY,
  SCSI_ACCESS_STATE_TRANSITIONING,
  supportLetters,
  TPGS_SUPPORT_OPTIMIZED,
} from '../access-states.js';
import {
  SCSI_DH_DEV_OFFLINED,
  SCSI_DH_DEV_TEMP_BUSY,
  SCSI_DH_IO,
  SCSI_DH_OK,
  SCSI_DH_RES_TEMP_UNAVAIL,
  SCSI_DH_RETRY,
} from '../device-handler.js';
import { scsi_execute_cmd, type Executed } from '../execute.js';
import { reportTargetPortGroups } from '../opcodes.js';
import { with_rcu } from '../rcu.js';
import type { scsi_device } from '../scsi-device.js';
import { isSense } from '../sense.js';
import { DID_NO_CONNECT, host_byte, ILLEGAL_REQUEST, NOT_READY, UNIT_ATTENTION } from '../status-codes.js';
import { alua_find_get_pg } from './find-pg.js';
import { ALUA_PG_RUNNING, ALUA_RTPG_EXT_HDR_UNSUPP, put_pg, type alua_port_group } from './port-group.js';
import { parseRtpg, rtpgLength, type GroupDescriptor } from './rtpg-report.js';

const ALUA_RTPG_SIZE = 128;
const ALUA_FAILOVER_RETRIES = 5;
const ALUA_RTPG_RETRY_DELAY = 2;
/** Kernel: KMALLOC_MAX_SIZE on x86-64: a report that claims more cannot be read. */
const KMALLOC_MAX_SIZE = 4 * 1024 * 1024;
/** Resubmissions of one report; the kernel has no bound when a device claims more each time. */
const MAX_RESUBMISSIONS = 8;

/** Sets the byte of every device of the group. */
const set_access_state = (pg: alua_port_group, byte: number): Steps<void> =>
  with_rcu(function* () {
    let h = yield* list_first_or_null_rcu(pg.dh_list);
    for (; h !== null; h = yield* list_next_or_null_rcu(pg.dh_list, h.node)) {
      yield* store(h.sdev, 'access_state', byte);
    }
  });

/** Takes one descriptor over, for whichever group of the unit it is; another group only if nobody works on it. */
function* apply(pg: alua_port_group, { byte, supported, groupId }: GroupDescriptor): Steps<void> {
  const { core } = pg;
  yield* spin_lock_irqsave(core.port_group_lock);
  const found = yield* alua_find_get_pg(core, pg.device_id_str, groupId);
  yield* spin_unlock_irqrestore(core.port_group_lock);
  if (found === null) return;
  if (yield* spin_trylock_irqsave(found.lock)) {
    if (found === pg || ((yield* load(found, 'flags')) & ALUA_PG_RUNNING) === 0) {
      yield* store(found, 'state', byte & SCSI_ACCESS_STATE_MASK);
      yield* store(found, 'pref', byte >> 7);
      yield* set_access_state(found, byte);
    }
    if (found === pg) yield* store(found, 'valid_states', supported);
    yield* spin_unlock_irqrestore(found.lock);
  }
  yield* put_pg(found);
}

type Reply =
  | { readonly kind: 'report'; readonly data: readonly number[]; readonly bufferBytes: number }
  | { readonly kind: 'transitioning' }
  | { readonly kind: 'error'; readonly error: number };

const failed = (error: number): Reply => ({ kind: 'error', error });

/** What a failed RTPG means; undefined: ask again without the extended header. */
function* onError(sdev: scsi_device, pg: alua_port_group, { result, sshdr }: Executed): Steps<Reply | undefined> {
  if (((yield* load(pg, 'valid_states')) & ~TPGS_SUPPORT_OPTIMIZED) === 0) {
    dev_info(sdev, `alua: ignoring rtpg result ${String(result)}`);
    return failed(SCSI_DH_OK);
  }
  if (result < 0 || sshdr === null) {
    dev_info(sdev, `alua: rtpg failed, result ${String(result)}`);
    if (result < 0) return failed(SCSI_DH_DEV_TEMP_BUSY);
    return failed(host_byte(result) === DID_NO_CONNECT ? SCSI_DH_RES_TEMP_UNAVAIL : SCSI_DH_IO);
  }
  const flags = yield* load(pg, 'flags');
  if ((flags & ALUA_RTPG_EXT_HDR_UNSUPP) === 0 && sshdr.sense_key === ILLEGAL_REQUEST) {
    yield* store(pg, 'flags', flags | ALUA_RTPG_EXT_HDR_UNSUPP);
    return undefined;
  }
  if (isSense(sshdr, NOT_READY, 0x04, 0x0a)) return { kind: 'transitioning' };
  const expiry = yield* load(pg, 'expiry');
  if (sshdr.sense_key === UNIT_ATTENTION && expiry !== 0 && (yield* jiffies()) < expiry) {
    dev_err(sdev, 'alua: rtpg retry');
    return failed(SCSI_DH_RETRY);
  }
  dev_err(sdev, 'alua: rtpg failed');
  yield* store(pg, 'expiry', 0);
  return failed(SCSI_DH_IO);
}

/** Sends RTPG until there is a whole report, or an error. */
function* fetch(sdev: scsi_device, pg: alua_port_group): Steps<Reply> {
  const timeoutS = pg.core.parts.failover_timeout_s;
  let bufferBytes = ALUA_RTPG_SIZE;
  for (let n = 0; n < MAX_RESUBMISSIONS; n++) {
    const extended = ((yield* load(pg, 'flags')) & ALUA_RTPG_EXT_HDR_UNSUPP) === 0;
    const cdb = reportTargetPortGroups(bufferBytes, extended);
    const sent = yield* scsi_execute_cmd(sdev, cdb, { timeoutS, retries: ALUA_FAILOVER_RETRIES, failfast: true });
    if (sent.result !== 0) {
      const reply = yield* onError(sdev, pg, sent);
      if (reply === undefined) continue;
      return reply;
    }
    const length = rtpgLength(sent.data);
    if (length <= bufferBytes) return { kind: 'report', data: sent.data, bufferBytes };
    if (length > KMALLOC_MAX_SIZE) {
      dev_warn(sdev, 'alua_rtpg: kmalloc buffer failed');
      break;
    }
    bufferBytes = length;
  }
  yield* store(pg, 'expiry', 0);
  return failed(SCSI_DH_DEV_TEMP_BUSY);
}

/** A transition is waited for, from the first time that it is seen. */
function* start_expiry(pg: alua_port_group): Steps<void> {
  if ((yield* load(pg, 'expiry')) !== 0) return;
  const seconds = (yield* load(pg, 'transition_tmo')) || pg.core.parts.failover_timeout_s;
  // round_jiffies_up(): to a whole second.
  const expiry = (yield* jiffies()) + seconds * HZ;
  yield* store(pg, 'expiry', Math.ceil(expiry / HZ) * HZ);
}

/** Takes over what the report says, and how long a transition may take. */
function* take(sdev: scsi_device, pg: alua_port_group, data: readonly number[], bufferBytes: number): Steps<void> {
  const { groups, transitionSeconds, outOfBounds } = parseRtpg(data, bufferBytes);
  if (outOfBounds) currentMachine().report('out-of-bounds', 'KASAN: slab-out-of-bounds in alua_rtpg', pg);
  const seconds = transitionSeconds === 0 ? pg.core.parts.failover_timeout_s : transitionSeconds;
  if ((yield* load(pg, 'transition_tmo')) !== seconds) {
    dev_info(sdev, `alua: transition timeout set to ${String(seconds)} seconds`);
    yield* store(pg, 'transition_tmo', seconds);
    yield* store(pg, 'expiry', (yield* jiffies()) + seconds * HZ);
  }
  for (const group of groups) yield* apply(pg, group);
}

/** What the group's state means for the worker. Context: the group's lock held. */
function* verdict(pg: alua_port_group): Steps<number> {
  const state = yield* load(pg, 'state');
  if (state === SCSI_ACCESS_STATE_TRANSITIONING) {
    if ((yield* jiffies()) < (yield* load(pg, 'expiry'))) {
      yield* store(pg, 'interval', ALUA_RTPG_RETRY_DELAY);
      return SCSI_DH_RETRY;
    }
    yield* store(pg, 'state', SCSI_ACCESS_STATE_STANDBY);
    const preferred = (yield* load(pg, 'pref')) === 0 ? 0 : SCSI_ACCESS_STATE_PREFERRED;
    yield* store(pg, 'expiry', 0);
    yield* set_access_state(pg, SCSI_ACCESS_STATE_STANDBY | preferred);
    return SCSI_DH_IO;
  }
  yield* store(pg, 'expiry', 0);
  return state === SCSI_ACCESS_STATE_OFFLINE ? SCSI_DH_DEV_OFFLINED : SCSI_DH_OK;
}

/** `port group 01 state A non-preferred supports TOlUSNA`, as the handler prints it. */
const stateLine = (pg: alua_port_group): string => {
  const preferred = pg.pref === 0 ? 'non-preferred' : 'preferred';
  const group = pg.group_id.toString(16).padStart(2, '0');
  return (
    `alua: port group ${group} state ${accessStateLetter(pg.state)} ${preferred} ` +
    `supports ${supportLetters(pg.valid_states)}`
  );
};

/**
 * Asks the target for the states of its groups.
 * Kernel: alua_rtpg(), all versions. Context: may sleep, in the worker.
 * @returns SCSI_DH_OK, SCSI_DH_RETRY for later, or another SCSI_DH_…
 */
export const alua_rtpg = kfn('alua_rtpg', function* (sdev: scsi_device, pg: alua_port_group): Steps<number> {
  const before = [pg.state, pg.pref, pg.valid_states].join();
  yield* start_expiry(pg);
  const reply = yield* fetch(sdev, pg);
  if (reply.kind === 'error') return reply.error;
  if (reply.kind === 'report') yield* take(sdev, pg, reply.data, reply.bufferBytes);
  yield* spin_lock_irqsave(pg.lock);
  if (reply.kind === 'transitioning') yield* store(pg, 'state', SCSI_ACCESS_STATE_TRANSITIONING);
  if (before !== [pg.state, pg.pref, pg.valid_states].join()) dev_info(sdev, stateLine(pg));
  const error = yield* verdict(pg);
  yield* spin_unlock_irqrestore(pg.lock);
  return error;
});
