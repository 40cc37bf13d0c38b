// SPDX-License-Identifier: GPL-2.0-only
import { KObject, makeStep, type Steps } from '@libmultipath/driver-kit';
import { data_pages } from '../environment/hardware/transfer.js';

/** What the model remembers for observations, as a tracer in the guest would. */
export type Happening = 'expired' | 'returned' | 'awaiting';

/** The memory of a transfer, and the paths that its bios and their clones were sent to. */
export class traced_pages extends data_pages {
  readonly paths: string[] = [];
}

/** Order of what an `order` observation shows. */
export class scsi_journal extends KObject {
  readonly order: Happening[] = [];
  /** The last path has gone: the next that comes has returned. */
  isOrphan = false;
}

/** Notes that it happened. */
export function* note(journal: scsi_journal, what: Happening): Steps<void> {
  yield makeStep('journal', journal, 'order', 'update', { ordering: 'full' });
  journal.order.push(what);
}
