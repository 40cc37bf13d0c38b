// SPDX-License-Identifier: GPL-2.0-only
import type { Json, Position, Reference } from '@libmultipath/contract';
import type { z } from 'zod';
import { suggestion, type Problems } from './problems.js';
import { addSchemaProblems } from './schema-problems.js';
import { substitute } from './substitute.js';
import type { Path } from './yaml-source.js';

/** What reading an entry needs of a step or an observation. */
export interface VocabularyWord {
  readonly example: string;
  readonly args: z.ZodType;
  refers?(args: unknown): readonly Reference[];
  binds?(args: unknown): readonly Reference[];
}

/** Names that entries may refer to, as they become known from top to bottom. */
export class Names {
  private readonly known = new Map<string, Set<string>>();

  /** @param declared by the topology; undefined when that could not be read, and then every name may exist */
  constructor(private readonly declared: readonly Reference[] | undefined) {
    for (const reference of declared ?? []) this.add(reference);
  }

  mayExist({ kind, name }: Reference): boolean {
    return this.declared === undefined || this.of(kind).has(name);
  }

  /** False: the name is there already. */
  add({ kind, name }: Reference): boolean {
    const names = this.of(kind);
    if (names.has(name)) return false;
    names.add(name);
    return true;
  }

  of(kind: string): Set<string> {
    const names = this.known.get(kind) ?? new Set();
    this.known.set(kind, names);
    return names;
  }
}

/**
 * Reads the argument of one entry: `$` words, the word's own schema, what it refers to and binds.
 * @param raw undefined where the entry is the bare word
 * @returns the argument as the schema gave it; meaningless when a problem was added
 */
export const parseWord = (
  problems: Problems,
  names: Names,
  word: VocabularyWord,
  raw: Json | undefined,
  at: Path,
  windowSecs: number | undefined,
): unknown => {
  const value = raw === undefined || raw === null ? undefined : substitute(raw, windowSecs, problems, at);
  const position = problems.source.at(at);
  const parsed = guarded(problems, position, () => word.args.safeParse(value));
  if (parsed === undefined) return undefined;
  if (!parsed.success) {
    if (value === undefined) {
      problems.add('LMP-403', position, 'expected an argument, found none', `as in \`${word.example}\``);
    } else {
      addSchemaProblems(problems, word.args, parsed.error, value, at);
    }
    return undefined;
  }
  guarded(problems, position, () => {
    for (const reference of word.refers?.(parsed.data) ?? []) {
      if (names.mayExist(reference)) continue;
      const { kind, name } = reference;
      const advice = suggestion(name, [...names.of(kind)]);
      problems.add('LMP-408', problems.source.scalarAt(at, name), `unknown ${kind} \`${name}\``, advice);
    }
    for (const reference of word.binds?.(parsed.data) ?? []) {
      if (names.add(reference)) continue;
      const { kind, name } = reference;
      const place = problems.source.scalarAt(at, name);
      problems.add('LMP-415', place, `the ${kind} \`${name}\` is bound already`, 'take a name that is new');
    }
  });
  return parsed.data;
};

/** Runs code of the driver; what it throws is the driver's fault, and is said with the place. */
const guarded = <T>(problems: Problems, at: Position, body: () => T): T | undefined => {
  try {
    return body();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    problems.add(
      'LMP-417',
      at,
      `the driver failed on this entry: ${reason}`,
      'report it to the driver’s author',
      cause,
    );
    return undefined;
  }
};
