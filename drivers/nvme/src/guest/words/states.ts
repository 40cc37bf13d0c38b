// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { nvme_ctrl_state_names } from '../../environment/constants.js';
import { markOf } from '../trace/marks.js';
import { CTRL_STATE, CTRL_STATE_DONE } from '../trace/probes.js';
import type { TraceRecord } from '../trace/record.js';
import type { NvmeGuestWorld } from '../world.js';

const ARGUMENTS = /ctrl=(0x[0-9a-f]+) state=(\d+)/;
const MOVED = /moved=(0x[0-9a-f]+|\d+)/;

/** A controller was to enter a state. */
interface Move {
  readonly ctrl: string;
  readonly state: string;
  /** Undefined: the function had not returned. */
  moved?: boolean;
}

/** Pairs entry and return of each call: the last that its thread has begun, since an interrupt may call between. */
const movesOf = (records: readonly TraceRecord[]): ReadonlyMap<TraceRecord, Move> => {
  const moves = new Map<TraceRecord, Move>();
  const open = new Map<number, Move[]>();
  for (const record of records) {
    if (record.event === CTRL_STATE_DONE.event) {
      const [, value] = MOVED.exec(record.payload) ?? [];
      const move = open.get(record.pid)?.pop();
      if (move !== undefined && value !== undefined) move.moved = Number(value) !== 0;
    }
    if (record.event !== CTRL_STATE.event) continue;
    const [, ctrl, state] = ARGUMENTS.exec(record.payload) ?? [];
    if (ctrl === undefined || state === undefined) continue;
    const move = { ctrl, state: nvme_ctrl_state_names[Number(state)] ?? state };
    moves.set(record, move);
    const own = open.get(record.pid);
    if (own === undefined) open.set(record.pid, [move]);
    else own.push(move);
  }
  return moves;
};

/**
 * Moves of one controller, in their order. A record names the controller by its address, which belongs to the label
 * whose attach step it is first seen in; memory is used again, so the last such step counts. Pure.
 */
const movesBy = (records: readonly TraceRecord[], label: string): readonly Move[] => {
  const owners = new Map<string, string>();
  const own: Move[] = [];
  const moves = movesOf(records);
  let attaching: string | undefined;
  for (const record of records) {
    const mark = markOf(record);
    if (mark !== undefined && 'step' in mark && mark.step === 'attach')
      attaching = mark.kind === 'begin' ? mark.subject : undefined;
    const move = moves.get(record);
    if (move === undefined) continue;
    if (attaching !== undefined) owners.set(move.ctrl, attaching);
    if (owners.get(move.ctrl) === label) own.push(move);
  }
  return own;
};

/** States that the controller was to enter, also in vain. Pure. */
export const statesOf = (records: readonly TraceRecord[], label: string): readonly string[] =>
  movesBy(records, label).map(({ state }) => state);

/** States that it entered. Pure. */
export const enteredOf = (records: readonly TraceRecord[], label: string): readonly string[] =>
  movesBy(records, label).flatMap(({ state, moved }) => (moved === true ? [state] : []));

export const guestStates = async (world: NvmeGuestWorld, label: string): Promise<Json> => [
  ...statesOf(await world.trace.read(), label),
];

export const guestEntered = async (world: NvmeGuestWorld, label: string): Promise<Json> => [
  ...enteredOf(await world.trace.read(), label),
];
