// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { nvme_ctrl_state_names } from '../../environment/constants.js';
import { markOf } from '../trace/marks.js';
import { CTRL_STATE } from '../trace/probes.js';
import type { TraceRecord } from '../trace/record.js';
import type { NvmeGuestWorld } from '../world.js';

const ARGUMENTS = /ctrl=(0x[0-9a-f]+) state=(\d+)/;

/**
 * States of one controller, in their order. A record names the controller by its address, which belongs to the label
 * whose attach step it is first seen in; memory is used again, so the last such step counts. Pure.
 */
export const statesOf = (records: readonly TraceRecord[], label: string): readonly string[] => {
  const owners = new Map<string, string>();
  const states: string[] = [];
  let attaching: string | undefined;
  for (const record of records) {
    const mark = markOf(record);
    if (mark !== undefined && 'step' in mark && mark.step === 'attach')
      attaching = mark.kind === 'begin' ? mark.subject : undefined;
    if (record.event !== CTRL_STATE.event) continue;
    const [, address, state] = ARGUMENTS.exec(record.payload) ?? [];
    if (address === undefined || state === undefined) continue;
    if (attaching !== undefined) owners.set(address, attaching);
    if (owners.get(address) === label) states.push(nvme_ctrl_state_names[Number(state)] ?? state);
  }
  return states;
};

export const guestStates = async (world: NvmeGuestWorld, label: string): Promise<Json> => [
  ...statesOf(await world.trace.read(), label),
];
