// SPDX-License-Identifier: GPL-2.0-only
import type { Position } from '@libmultipath/contract';
import { nearest, type LmpError } from '@libmultipath/errors';
import { errors } from './errors.js';
import { ScenarioError } from './scenario-error.js';
import type { YamlSource } from './yaml-source.js';

type Code = Parameters<typeof errors.fail>[0];

interface Placed extends Position {
  readonly error: LmpError;
}

const MAX_PROBLEMS = 50;

/** `read, write or sync`, quoted. */
export const choices = (names: readonly string[]): string =>
  names
    .map((name) => `\`${name}\``)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');

/** `did you mean …`, or the whole list where nothing is near. */
export const suggestion = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known);
  if (near.length > 0) return `did you mean ${choices(near)}?`;
  return known.length === 0 ? 'there is none here' : `there is ${choices([...known].sort())}`;
};

/** Collects what is wrong with one file, so that all of it is printed at once. */
export class Problems {
  private readonly found: Placed[] = [];

  constructor(readonly source: YamlSource) {}

  add(code: Code, at: Position, message: string, todo?: string, cause?: unknown): void {
    const error = errors.fail(code, {
      message,
      where: this.source.place(at),
      ...(todo === undefined ? {} : { todo }),
      ...(cause === undefined ? {} : { cause }),
    });
    this.found.push({ line: at.line, column: at.column, error });
  }

  get none(): boolean {
    return this.found.length === 0;
  }

  /** @throws {ScenarioError} when anything was added */
  throwIfAny(): void {
    if (this.none) return;
    const inOrder = [...this.found].sort((a, b) => a.line - b.line || a.column - b.column);
    throw new ScenarioError(inOrder.slice(0, MAX_PROBLEMS).map(({ error }) => error));
  }
}
