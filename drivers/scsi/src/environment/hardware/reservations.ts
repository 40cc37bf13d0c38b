// SPDX-License-Identifier: GPL-2.0-only
import { be32, u8 } from '../bytes.js';
import type { Completion } from '../completion-table.js';
import { READ_10, WRITE_10 } from '../opcodes.js';
import { SAM_STAT_RESERVATION_CONFLICT } from '../status-codes.js';
import { CHECK, GOOD } from './answers.js';
import type { LunNexus } from './lun-nexus.js';

/** Reservation types that are known: of the holder alone, or of all that are registered. */
const WRITE_EXCLUSIVE = 1;
const EXCLUSIVE_ACCESS = 3;
const WRITE_EXCLUSIVE_REGISTRANTS = 5;
const EXCLUSIVE_ACCESS_REGISTRANTS = 6;

/** What a unit remembers: keys by nexus, and who holds it how. */
export interface Reservations {
  readonly keys: Map<LunNexus, number>;
  holder: { readonly nexus: LunNexus; readonly type: number } | null;
}

const CONFLICT: Completion = { status: SAM_STAT_RESERVATION_CONFLICT };

/** May this nexus not read, or not write? */
export const conflictOf = (nexus: LunNexus, opcode: number): Completion | undefined => {
  const { holder, keys } = nexus.unit.reservations;
  if (holder === null || holder.nexus === nexus) return undefined;
  const { type } = holder;
  const registrants = type === WRITE_EXCLUSIVE_REGISTRANTS || type === EXCLUSIVE_ACCESS_REGISTRANTS;
  if (registrants && keys.has(nexus)) return undefined;
  const reads = type === EXCLUSIVE_ACCESS || type === EXCLUSIVE_ACCESS_REGISTRANTS;
  return opcode === WRITE_10 || (opcode === READ_10 && reads) ? CONFLICT : undefined;
};

const keyAt = (parameters: readonly number[], at: number): number =>
  be32(parameters, at) * 2 ** 32 + be32(parameters, at + 4);

const register = ({ keys }: Reservations, nexus: LunNexus, key: number, next: number): Completion => {
  if ((keys.get(nexus) ?? 0) !== key) return CONFLICT;
  if (next === 0) keys.delete(nexus);
  else keys.set(nexus, next);
  return GOOD;
};

const reserve = (all: Reservations, nexus: LunNexus, type: number): Completion => {
  const known = [WRITE_EXCLUSIVE, EXCLUSIVE_ACCESS, WRITE_EXCLUSIVE_REGISTRANTS, EXCLUSIVE_ACCESS_REGISTRANTS];
  if (!known.includes(type)) return CHECK(0x05, 0x24, 0x00);
  if (all.holder !== null && (all.holder.nexus !== nexus || all.holder.type !== type)) return CONFLICT;
  all.holder = { nexus, type };
  return GOOD;
};

/**
 * Whoever registered with the key is registered no more; where one of them held the unit, this nexus does now. (Commands
 * end at once here, so there is none to abort; and who is preempted is not told.)
 */
const preempt = (all: Reservations, nexus: LunNexus, key: number, type: number): Completion => {
  const others = [...all.keys].filter(([, own]) => own === key).map(([other]) => other);
  if (key === 0) return CHECK(0x05, 0x26, 0x00);
  if (others.length === 0) return CONFLICT;
  const held = all.holder !== null && others.includes(all.holder.nexus);
  for (const other of others) if (other !== nexus) all.keys.delete(other);
  if (!held) return GOOD;
  all.holder = null;
  return reserve(all, nexus, type);
};

/** PERSISTENT RESERVE OUT: register, reserve, release, clear, preempt. */
export const reserveOut = (nexus: LunNexus, cdb: readonly number[], parameters: readonly number[]): Completion => {
  const { reservations: all } = nexus.unit;
  const [action, key] = [u8(cdb, 1) & 0x1f, keyAt(parameters, 0)];
  if (action === 0) return register(all, nexus, key, keyAt(parameters, 8));
  if (all.keys.get(nexus) !== key) return CONFLICT;
  switch (action) {
    case 1:
      return reserve(all, nexus, u8(cdb, 2) & 0xf);
    case 2:
      if (all.holder?.nexus === nexus) all.holder = null;
      return GOOD;
    case 3:
      all.keys.clear();
      all.holder = null;
      return GOOD;
    case 4:
    case 5:
      return preempt(all, nexus, keyAt(parameters, 8), u8(cdb, 2) & 0xf);
    default:
      return CHECK(0x05, 0x20, 0x00);
  }
};
