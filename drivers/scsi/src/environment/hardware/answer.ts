// SPDX-License-Identifier: GPL-2.0-only
import { makeStep, type Steps, type Touch } from '@libmultipath/driver-kit';
import { be32, toBe, u8 } from '../bytes.js';
import type { Completion } from '../completion-table.js';
import * as op from '../opcodes.js';
import type { scsi_cmnd } from '../scsi-cmnd.js';
import { CHECK, GOOD } from './answers.js';
import { refusalOf } from './access-check.js';
import { targetPortGroupsReport } from './logical-unit.js';
import type { LunNexus } from './lun-nexus.js';
import { conflictOf, reserveOut } from './reservations.js';
import { setGroups } from './set-groups.js';
import { transfer } from './transfer.js';

/** What the device says, with its data. */
export interface Answer {
  readonly completion: Completion;
  readonly data: readonly number[];
}

const withoutData = (completion: Completion): Answer => ({ completion, data: [] });

const isRead = (opcode: number): boolean => opcode === op.READ_10 || opcode === op.WRITE_10;
/** These do not report a unit attention. */
const reportsAttention = (opcode: number): boolean =>
  opcode !== op.INQUIRY && opcode !== op.REPORT_LUNS && opcode !== op.REQUEST_SENSE;

/** Fields that decide how the device takes a command. */
const touchesOf = (nexus: LunNexus, opcode: number): readonly Touch[] => [
  { object: nexus, field: 'transport', access: 'read' },
  { object: nexus, field: 'unitAttentions', access: 'update' },
  { object: nexus, field: 'identity', access: 'read' },
  { object: nexus.unit, field: 'capacitySectors', access: 'read' },
  { object: nexus.unit, field: 'reservations', access: opcode === op.PERSISTENT_RESERVE_OUT ? 'update' : 'read' },
  ...nexus.unit.groups.map((group): Touch => ({ object: group, field: 'access_state', access: 'read' })),
];

/** Everything that may keep the device from carrying out the command, in the order of a target. */
const obstacle = (nexus: LunNexus, opcode: number): Completion | 'no answer' | undefined => {
  if (nexus.transport !== null) return nexus.transport;
  const injected = isRead(opcode) ? nexus.injected.shift() : undefined;
  if (injected !== undefined) return injected;
  const attention = reportsAttention(opcode) ? nexus.unitAttentions.shift() : undefined;
  if (attention !== undefined) return CHECK(0x06, ...attention);
  const conflict = conflictOf(nexus, opcode);
  if (conflict !== undefined) return conflict;
  const { unit, groupId } = nexus;
  if (!unit.enforces || groupId === undefined) return undefined;
  const refusal = refusalOf(unit.group(groupId).access_state, opcode);
  return refusal === undefined ? undefined : CHECK(...refusal);
};

const inquiry = (nexus: LunNexus, cdb: op.Cdb): Answer => {
  const { inquiry: standard, vpd } = nexus.identity;
  const page = (u8(cdb, 1) & 1) === 0 ? standard : vpd.get(u8(cdb, 2));
  if (page === undefined) return withoutData(CHECK(0x05, 0x24, 0x00));
  return { completion: GOOD, data: page.slice(0, (u8(cdb, 3) << 8) | u8(cdb, 4)) };
};

const report = ({ unit }: LunNexus, cdb: op.Cdb): Answer => {
  if ((u8(cdb, 1) & 0x1f) !== op.MI_REPORT_TARGET_PGS || unit.tpgs === 0) return withoutData(CHECK(0x05, 0x20, 0x00));
  const extended = unit.extendedHeader && (u8(cdb, 1) & op.MI_EXT_HDR_PARAM_FMT) !== 0;
  return { completion: GOOD, data: targetPortGroupsReport(unit, extended).slice(0, be32(cdb, 6)) };
};

function* carryOut(nexus: LunNexus, cmd: scsi_cmnd): Steps<Answer> {
  const { unit } = nexus;
  switch (u8(cmd.cmnd, 0)) {
    case op.TEST_UNIT_READY:
    case op.SYNCHRONIZE_CACHE:
      return withoutData(GOOD);
    case op.INQUIRY:
      return inquiry(nexus, cmd.cmnd);
    case op.READ_CAPACITY:
      return { completion: GOOD, data: [...toBe(unit.capacitySectors - 1, 4), ...toBe(512, 4)] };
    case op.MAINTENANCE_IN:
      return report(nexus, cmd.cmnd);
    case op.MAINTENANCE_OUT:
      return withoutData(yield* setGroups(nexus, cmd.data));
    case op.PERSISTENT_RESERVE_OUT:
      return withoutData(reserveOut(nexus, cmd.cmnd, cmd.data));
    case op.READ_10:
    case op.WRITE_10:
      yield* transfer(unit, cmd);
      return withoutData(GOOD);
    default:
      return withoutData(CHECK(0x05, 0x20, 0x00));
  }
}

/**
 * The device takes the command and answers. One step decides how; a read or write is another.
 * @returns undefined: it never answers
 */
export function* answer(nexus: LunNexus, cmd: scsi_cmnd): Steps<Answer | undefined> {
  const opcode = u8(cmd.cmnd, 0);
  const step = makeStep('scsi_answer', nexus, 'injected', 'update', {
    ordering: 'full',
    also: touchesOf(nexus, opcode),
  });
  yield step;
  const found = obstacle(nexus, opcode);
  step.value = found;
  if (found === 'no answer') return undefined;
  return found === undefined ? yield* carryOut(nexus, cmd) : withoutData(found);
}
