// SPDX-License-Identifier: GPL-2.0-only
import {
  SCSI_ACCESS_STATE_OFFLINE,
  SCSI_ACCESS_STATE_STANDBY,
  SCSI_ACCESS_STATE_TRANSITIONING,
  SCSI_ACCESS_STATE_UNAVAILABLE,
} from '../access-states.js';
import * as op from '../opcodes.js';
import { ILLEGAL_REQUEST, NOT_READY } from '../status-codes.js';

type Sense = readonly [number, number, number];

const always: readonly number[] = [op.INQUIRY, op.REPORT_LUNS, op.REQUEST_SENSE, op.MAINTENANCE_IN];
const unavailable = [...always, op.MAINTENANCE_OUT];
const standby = [...unavailable, op.READ_CAPACITY, op.PERSISTENT_RESERVE_IN, op.PERSISTENT_RESERVE_OUT];

interface Rule {
  readonly allowed: readonly number[];
  readonly refusal: Sense;
}

const rules: ReadonlyMap<number, Rule> = new Map([
  [SCSI_ACCESS_STATE_STANDBY, { allowed: standby, refusal: [NOT_READY, 0x04, 0x0b] }],
  [SCSI_ACCESS_STATE_UNAVAILABLE, { allowed: unavailable, refusal: [NOT_READY, 0x04, 0x0c] }],
  [SCSI_ACCESS_STATE_TRANSITIONING, { allowed: always, refusal: [NOT_READY, 0x04, 0x0a] }],
  [SCSI_ACCESS_STATE_OFFLINE, { allowed: [], refusal: [ILLEGAL_REQUEST, 0x24, 0x00] }],
]);

/**
 * How LIO answers a command by the access state of its group: undefined when it carries it out. In
 * standby the capacity can be read, in unavailable not.
 * Source: core_alua_state_standby(), …_unavailable(), …_transition() of the target core, 6.12.
 */
export const refusalOf = (state: number, opcode: number): Sense | undefined => {
  const rule = rules.get(state);
  return rule === undefined || rule.allowed.includes(opcode) ? undefined : rule.refusal;
};
