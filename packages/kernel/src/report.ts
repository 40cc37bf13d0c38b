// SPDX-License-Identifier: GPL-2.0-only
import type { Site } from './step.js';
import type { Where } from './object.js';

/** Finding classes of the checker; a report of the machine is of one of them. */
export type ReportClass =
  | 'use-after-free'
  | 'refcount'
  | 'leak'
  | 'lost-io'
  | 'duplicate-completion'
  | 'hang'
  | 'livelock'
  | 'deadlock'
  | 'double-add'
  | 'null-dereference'
  | 'out-of-bounds'
  | 'uninitialised'
  | 'wrong-path'
  | 'stale-state'
  | 'data-loss'
  | 'data-race'
  | 'module'
  | 'lock-order'
  | 'sleep-in-atomic'
  | 'driver-contract'
  | 'warning';

/** What the simulated kernel would have printed, and the facts behind it. */
export interface Report {
  readonly class: ReportClass;
  /** First line in kernel wording, e.g. `KASAN: slab-use-after-free in mpath_put_head`. */
  readonly message: string;
  /** Label of the object concerned. */
  readonly object: string;
  readonly task: string;
  readonly site: Site | undefined;
  readonly stack: readonly string[];
  /** Other places that belong to it: allocated by, freed by, locked by … */
  readonly others: readonly { readonly role: string; readonly where: Where }[];
}

/** Thrown by a primitive after a report that kills the task, as an oops does. */
export class Oops extends Error {
  override readonly name = 'Oops';
  constructor(readonly report: Report) {
    super(report.message);
  }
}
