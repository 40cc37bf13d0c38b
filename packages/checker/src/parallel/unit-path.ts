// SPDX-License-Identifier: GPL-2.0-only
import type { SearchNode, SearchPath } from '../search-node.js';

/** One choice by the task's number, which is the same for the same choices before it. */
export interface NumberedChoice {
  readonly task: number;
  readonly branch: number;
}

const textOf = ({ chosen, branch }: SearchNode): string =>
  branch === 0 ? String(chosen) : `${String(chosen)}:${String(branch)}`;

/** The choices of the first `length` nodes. */
export const pathText = (path: SearchPath, length: number): string =>
  Array.from({ length }, (_, depth) => textOf(path.at(depth))).join(' ');

export const choicesOf = (path: string): NumberedChoice[] =>
  path === ''
    ? []
    : path.split(' ').map((choice) => {
        const [task, branch] = choice.split(':');
        return { task: Number(task), branch: Number(branch ?? 0) };
      });

/** Two 32-bit hashes with different factors, to tell one way through the code from another. */
export class TraceHash {
  private a = 0x811c_9dc5;
  private b = 0x9747_b28c;

  add(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      this.a = Math.imul(this.a ^ code, 0x0100_0193);
      this.b = Math.imul(this.b ^ code, 0x5bd1_e995) ^ (this.b >>> 15);
    }
    this.a = Math.imul(this.a ^ 0x1f, 0x0100_0193);
    this.b = Math.imul(this.b ^ 0x1f, 0x5bd1_e995);
  }

  value(): string {
    return [this.a, this.b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** Hash of the steps of the first `length` nodes; nothing for none. */
export const traceOf = (path: SearchPath, length: number): string => {
  if (length === 0) return '';
  const hash = new TraceHash();
  for (let depth = 0; depth < length; depth++) {
    const { op, field } = path.at(depth);
    hash.add(`${op} ${field}`);
  }
  return hash.value();
};
