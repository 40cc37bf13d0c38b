// SPDX-License-Identifier: GPL-2.0-only
import { rowKey, type Row } from './messages.js';

/** Observations whose value some mutant has changed so far: keys of rows → labels. */
export class Changed {
  private readonly labels = new Map<string, Set<string>>();

  add(row: Row, labels: readonly string[]): void {
    const known = this.labels.get(rowKey(row)) ?? new Set();
    for (const label of labels) known.add(label);
    this.labels.set(rowKey(row), known);
  }

  has(row: Row, label: string): boolean {
    return this.labels.get(rowKey(row))?.has(label) ?? false;
  }

  /** Labels of the row that some mutant has changed, in the order of the scenario. */
  of(row: Row): readonly string[] {
    return row.labels.filter((label) => this.has(row, label));
  }

  /** Labels of the row that no mutant has changed. */
  unchanged(row: Row): readonly string[] {
    return row.labels.filter((label) => !this.has(row, label));
  }
}
