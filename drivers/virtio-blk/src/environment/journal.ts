// SPDX-License-Identifier: GPL-2.0-only
import { KObject, makeStep, type Steps } from '@libmultipath/driver-kit';

/**
 * `expired`: the time that bios may wait without a path is over. `returned`: a path came after the last one
 * had gone.
 */
export type OrderEvent = 'returned' | 'expired';

/** What tracepoints and probes recorded: for observations, no state of the kernel. */
export class Journal extends KObject {
  /** First sector of a request → the devices it was issued to, in order: one request has one place at a time. */
  readonly issued = new Map<number, string[]>();
  readonly order: OrderEvent[] = [];
  /** The last path went, and none has come since. */
  isOrphan = false;

  /** Kernel: trace_block_rq_issue(). */
  issue(sector: number, label: string): void {
    const known = this.issued.get(sector);
    if (known === undefined) this.issued.set(sector, [label]);
    else known.push(label);
  }
}

/** A probe whose place among the others is observed: so it is a step. */
export function* trace_expired(journal: Journal): Steps<void> {
  yield makeStep('trace', journal, 'order', 'update', { ordering: 'full' });
  journal.order.push('expired');
}

/** A path is there: counts only for the first one after the last one had gone. */
export function* trace_returned(journal: Journal): Steps<void> {
  yield makeStep('trace', journal, 'order', 'update', { ordering: 'full' });
  if (!journal.isOrphan) return;
  journal.isOrphan = false;
  journal.order.push('returned');
}

/** The last path has gone. */
export function* trace_orphan(journal: Journal): Steps<void> {
  yield makeStep('trace', journal, 'order', 'update', { ordering: 'full' });
  journal.isOrphan = true;
}
