// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a process answered, or how it failed to. */
export type Known = { readonly answer: unknown } | { readonly failed: string } | { readonly noAnswer: string };

/** Entries beyond which the older half of them is forgotten. */
const MAX_ENTRIES = 400_000;

/** The same for the same parts. */
export const keyOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

const entryOf = (line: string): readonly [string, Known] | undefined => {
  try {
    // This file is written by this class; a line that was cut short is no JSON.
    return JSON.parse(line) as readonly [string, Known];
  } catch {
    return undefined;
  }
};

/**
 * Answers of earlier runs, a line each, by what was asked of what. It is written as answers come, so a run
 * that was ended goes on where it was.
 */
export class Memory {
  private readonly entries = new Map<string, Known>();
  /** Questions answered from here, and by a process. */
  readonly counts = { reused: 0, asked: 0 };
  /** Kind of question → seconds that processes took to answer. */
  readonly seconds = new Map<string, number>();

  /** @param file absent: nothing is remembered beyond this run */
  constructor(private readonly file: string | undefined) {
    if (file === undefined || !existsSync(file)) return;
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const kept = lines.length > MAX_ENTRIES ? lines.slice(-MAX_ENTRIES / 2) : lines;
    if (kept.length < lines.length) writeFileSync(file, `${kept.join('\n')}\n`);
    for (const line of kept) {
      const entry = entryOf(line);
      if (entry !== undefined) this.entries.set(entry[0], entry[1]);
    }
  }

  get(key: string): Known | undefined {
    const known = this.entries.get(key);
    this.counts[known === undefined ? 'asked' : 'reused']++;
    return known;
  }

  put(key: string, known: Known): void {
    this.entries.set(key, known);
    if (this.file === undefined) return;
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${JSON.stringify([key, known])}\n`);
  }

  took(kind: string, ms: number): void {
    this.seconds.set(kind, (this.seconds.get(kind) ?? 0) + ms / 1_000);
  }

  forget(): void {
    this.entries.clear();
    if (this.file !== undefined) rmSync(this.file, { force: true });
  }
}
