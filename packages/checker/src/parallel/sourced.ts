// SPDX-License-Identifier: GPL-2.0-only
import type { SavedProgram } from '../checkpoint/checkpoint.js';
import { Ledger, type LedgerBounds } from './ledger.js';
import { receiveError, type UnitAnswer } from './messages.js';
import { sourceText, type ProgramSource } from './program-source.js';

/** One program of a battery, with its books. */
export class Sourced {
  readonly ledger: Ledger;
  begun: SavedProgram['begun'];

  constructor(
    readonly source: ProgramSource,
    bounds: LedgerBounds,
    saved?: SavedProgram,
  ) {
    this.ledger = new Ledger(bounds, saved?.ledger);
    this.begun = saved?.begun;
  }

  get name(): string {
    return this.begun?.name ?? sourceText(this.source);
  }

  give(id: number, answer: UnitAnswer): void {
    if ('error' in answer) {
      this.ledger.give(id, receiveError(answer.error));
      return;
    }
    const { name, fingerprint, result } = answer;
    this.begun ??= { name, fingerprint };
    if (result !== undefined) this.ledger.give(id, result);
  }

  save(): SavedProgram {
    const { source, begun, ledger } = this;
    return { source, ledger: ledger.save(), ...(begun === undefined ? {} : { begun }) };
  }
}
