// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '@libmultipath/driver-kit';
import type { Completion } from '../completion-table.js';
import { virtioAdapter, type Adapter } from './adapter.js';
import type { LogicalUnit } from './logical-unit.js';

/** A device's answer to a command, or that it gives none. */
export type Injected = Completion | 'no answer';

/** VPD pages and standard data that the unit shows on one path. */
export interface Identity {
  /** Standard INQUIRY data. */
  readonly inquiry: readonly number[];
  /** VPD pages with their headers, by number. */
  readonly vpd: ReadonlyMap<number, readonly number[]>;
}

/** A logical unit as one initiator port reaches it through one target port. */
export class LunNexus extends KObject {
  /** Unit attentions not reported yet: asc and ascq. */
  readonly unitAttentions: (readonly [number, number])[] = [];
  /** Answers to the next commands that read or write, the first to the next one. */
  readonly injected: Injected[] = [];
  /** Answers to every command, while it is set: the transport is away. */
  transport: Completion | null = null;
  /** Task management that the device does not carry out. */
  abortFails = false;
  resetFails = false;

  constructor(
    readonly unit: LogicalUnit,
    /** Group of the target port; undefined: in none. */
    readonly groupId: number | undefined,
    public identity: Identity,
    readonly adapter: Adapter = virtioAdapter,
  ) {
    super();
    unit.nexuses.push(this);
  }
}
