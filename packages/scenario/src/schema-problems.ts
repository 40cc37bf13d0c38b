// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/contract';
import { z } from 'zod';
import { suggestion, type Problems } from './problems.js';
import type { Path } from './yaml-source.js';

type Issue = z.core.$ZodIssue;

const MAX_SHOWN = 60;

/** What stands there, short. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
};

/** Names of all keys that a schema knows, at any depth. */
export const keysOf = (schema: z.ZodType): string[] => {
  const keys = new Set<string>();
  const addKeys = (properties: object): void => Object.keys(properties).forEach((key) => keys.add(key));
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    if (typeof node !== 'object' || node === null) return;
    const entries: readonly (readonly [string, unknown])[] = Object.entries(node);
    for (const [key, value] of entries) {
      if (key === 'properties' && typeof value === 'object' && value !== null) addKeys(value);
      walk(value);
    }
  };
  walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return [...keys];
};

/**
 * Says what a schema has against the value at `base`, each issue at its own place in the file.
 * @param schema the one that refused, for the names of its keys
 */
export const addSchemaProblems = (
  problems: Problems,
  schema: z.ZodType,
  error: z.ZodError,
  value: Json | undefined,
  base: Path,
): void => {
  for (const issue of error.issues) addIssue(problems, schema, issue, value, base);
};

const addIssue = (problems: Problems, schema: z.ZodType, issue: Issue, value: Json | undefined, base: Path): void => {
  const inner = issue.path.filter((step) => typeof step !== 'symbol');
  const path = [...base, ...inner];
  const found = valueAt(value, inner);
  const { source } = problems;
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      problems.add('LMP-402', source.keyAt(path, key), `unknown key \`${key}\``, suggestion(key, keysOf(schema)));
    }
    return;
  }
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.filter((branch) => branch.length > 0);
    const fitting = branches.filter(
      (branch) => !branch.every((one) => one.code === 'invalid_type' && one.path.length === 0),
    );
    const best = fitting.length === 0 ? undefined : fitting.reduce((a, b) => (depth(b) > depth(a) ? b : a));
    if (best !== undefined) {
      for (const one of best) addIssue(problems, schema, one, found, path);
      return;
    }
    const wanted = new Set(
      branches.flat().flatMap((one) => (one.code === 'invalid_type' ? [kindText(one.expected)] : [])),
    );
    const expected = wanted.size === 0 ? issue.message : `expected ${[...wanted].join(' or ')}`;
    problems.add('LMP-403', source.at(path), `${expected}, found ${shown(found)}`);
    return;
  }
  const last = inner.at(-1);
  if (found === undefined && typeof last === 'string') {
    problems.add('LMP-404', source.at(path), `expected a key \`${last}\`, found none`, `add \`${last}:\` there`);
    return;
  }
  const expected = issue.code === 'invalid_type' ? `expected ${kindText(issue.expected)}` : lower(issue.message);
  problems.add(
    'LMP-403',
    source.at(path),
    `${last === undefined ? '' : `\`${String(last)}\`: `}${expected}, found ${shown(found)}`,
  );
};

const depth = (issues: readonly Issue[]): number => Math.max(...issues.map((issue) => issue.path.length));

const lower = (text: string): string =>
  text.replace(/^Invalid (input|option|string|number): /, '').replace(/^[A-Z]/, (c) => c.toLowerCase());

const kinds: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  undefined: 'nothing',
  null: 'nothing',
};

const kindText = (expected: string): string => kinds[expected] ?? expected;

const valueAt = (value: Json | undefined, path: Path): Json | undefined => {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    // Own property of a plain JSON value: reading it by name is all that is done.
    at = (at as Record<string | number, unknown>)[step];
  }
  // Everything inside a JSON value is one.
  return at as Json | undefined;
};
