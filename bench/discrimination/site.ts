// SPDX-License-Identifier: GPL-2.0-only

/** One small change that a mutator proposes for a place of a source file. Offsets count characters. */
export interface Change {
  readonly operator: string;
  /** An expression is replaced inside parentheses, statements as a block. */
  readonly kind: 'expression' | 'statement';
  readonly start: number;
  readonly end: number;
  /** Source text that stands there instead. */
  readonly after: string;
}

/** A {@link Change} with where it is: one possible mutant. */
export interface Site extends Change {
  /** Number within one run of the command. */
  readonly id: number;
  /** Path relative to the repository. */
  readonly file: string;
  readonly line: number;
  readonly before: string;
  /** Innermost named function, or the name that is declared where it is outside all functions. */
  readonly owner: string;
  /** Outside all functions: evaluated once, when the module is loaded. */
  readonly isStatic: boolean;
  /** {@link siteKey}, with a number behind it from the second one of a file on that has the same. */
  readonly key: string;
}

/** A function, or a declaration outside functions: what is executed, and what it speaks of. */
export interface Owner {
  readonly id: number;
  readonly file: string;
  readonly name: string;
  /** Range of a function’s body, for a probe; undefined: not a function. */
  readonly body?: { readonly start: number; readonly end: number; readonly kind: 'block' | 'expression' };
  /** Identifiers in its text. */
  readonly speaksOf: ReadonlySet<string>;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Text as a table shows it. */
export const shown = (text: string, width = 60): string => {
  const line = oneLine(text);
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
};

/** The same for the same change of the same text, wherever the lines around it went. */
export const siteKey = ({ file, owner, operator, before, after }: Omit<Site, 'id' | 'key'>): string =>
  `${file} | ${owner} | ${operator} | ${oneLine(before)} | ${oneLine(after)}`;
