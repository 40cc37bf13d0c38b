// SPDX-License-Identifier: GPL-2.0-only
import { KObject, makeStep, type bio, type Steps } from '@libmultipath/driver-kit';
import type { nvme_ns_base } from './nvme-ns.js';

/** One record of tracepoint block:block_bio_remap. */
export interface BioRemap {
  /** Label of the controller whose path the bio goes to. */
  readonly to: string;
  /** Which device the record names as the old one. */
  readonly from: 'head' | 'path';
}

/**
 * `expired`: the head's timer has started its removal. `returned`: after the head had lost
 * its last path, one went live again. `awaiting`: the step `await-removal` began.
 */
export type OrderEvent = 'awaiting' | 'returned' | 'expired';

/**
 * What tracepoints and probes recorded. Remaps are kept with their bio: the order between
 * bios of different tasks is no observation, so recording one is no step. Order events are
 * observed in their order, so they are.
 */
export class Journal extends KObject {
  private readonly remaps = new Map<bio, BioRemap[]>();
  readonly order: OrderEvent[] = [];
  /** The last path went and none has come since. */
  isOrphan = false;

  /** Kernel: trace_block_bio_remap(). */
  remapped(what: bio, to: nvme_ns_base, from: BioRemap['from']): void {
    const record = { to: to.ctrl.slot.slotLabel, from };
    const known = this.remaps.get(what);
    if (known === undefined) this.remaps.set(what, [record]);
    else known.push(record);
  }

  /** Takes the records of the bio out, in order: whoever submitted it keeps what it needs of them. */
  takeRemaps(what: bio): readonly BioRemap[] {
    const records = this.remaps.get(what) ?? [];
    this.remaps.delete(what);
    return records;
  }

  /** Records of a bio that is still under way. */
  remapsOf(what: bio): readonly BioRemap[] {
    return this.remaps.get(what) ?? [];
  }
}

/** A probe whose place among the others is observed. */
export function* trace_order(journal: Journal, event: OrderEvent): Steps<void> {
  yield makeStep('trace', journal, 'order', 'update', { ordering: 'full' });
  journal.order.push(event);
}

/** The probe on nvme_mpath_set_live(): counts only for the first path after the last one had gone. */
export function* trace_set_live(journal: Journal): Steps<void> {
  yield makeStep('trace', journal, 'order', 'update', { ordering: 'full' });
  if (!journal.isOrphan) return;
  journal.isOrphan = false;
  journal.order.push('returned');
}
