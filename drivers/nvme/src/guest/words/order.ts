// SPDX-License-Identifier: GPL-2.0-only
import { type Json, type NoArgs } from '@libmultipath/driver-kit';
import { markOf } from '../trace/marks.js';
import { REMOVE_HEAD_WORK, SET_LIVE } from '../trace/probes.js';
import type { TraceRecord } from '../trace/record.js';
import type { NvmeGuestWorld } from '../world.js';

export type OrderEvent = 'awaiting' | 'returned' | 'expired';

/**
 * `expired`: the head's timer has started its removal. `returned`: after the head had lost
 * its last path, one went live again; said once for each such time. `awaiting`: the step
 * `await-removal` began, so all that stands above it in the scenario was done by then. Pure.
 */
export const orderOf = (records: readonly TraceRecord[]): readonly OrderEvent[] => {
  const order: OrderEvent[] = [];
  const paths = new Set<string>();
  let isOrphan = false;
  for (const record of records) {
    const mark = markOf(record);
    if (mark?.kind === 'device') paths.add(mark.number);
    if (mark?.kind === 'gone') {
      paths.delete(mark.number);
      isOrphan = paths.size === 0;
    }
    if (mark?.kind === 'begin' && mark.step === 'await-removal') order.push('awaiting');
    if (record.event === REMOVE_HEAD_WORK.event) order.push('expired');
    if (record.event === SET_LIVE.event && isOrphan) {
      order.push('returned');
      isOrphan = false;
    }
  }
  return order;
};

/** See {@link orderOf}. */
export const guestOrder = async (world: NvmeGuestWorld, _args: NoArgs): Promise<Json> =>
  orderOf(await world.trace.read());
