// SPDX-License-Identifier: GPL-2.0-only

/** `LMP-nnn`, a hundred numbers per package (docs/decisions/0003). */
export type LmpCode = `LMP-${number}`;

export interface LmpErrorFields {
  /** What was expected, and what was found instead. */
  readonly message: string;
  /** `file:line:column`, a path, an option, a request: where it went wrong. */
  readonly where?: string;
  /** What the reader can do about it: one sentence, a command where there is one. */
  readonly todo?: string;
  readonly cause?: unknown;
}

/** A failure with a number that `mpath explain` knows. */
export class LmpError extends Error {
  override readonly name = 'LmpError';
  readonly where: string | undefined;
  readonly todo: string | undefined;

  constructor(
    readonly code: LmpCode,
    fields: LmpErrorFields,
  ) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.where = fields.where;
    this.todo = fields.todo;
  }

  /** The one shape in which every number is printed: code, place, message, then what to do. */
  format(): string {
    const place = this.where === undefined ? '' : `${this.where}: `;
    const todo = this.todo === undefined ? '' : `\n  → ${this.todo}`;
    return `${this.code}: ${place}${this.message}${todo}`;
  }
}

export const isLmpError = (value: unknown): value is LmpError => value instanceof LmpError;
