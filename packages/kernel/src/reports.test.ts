// SPDX-License-Identifier: GPL-2.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/*
 * docs/reports.md and the source, held together: what the kernel room can report is in the table with its
 * class, and nothing else is.
 */
const SOURCE = import.meta.dirname;
const TABLE = join(SOURCE, '../../../docs/reports.md');

const isModel = (path: string): boolean =>
  path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing');

const files: readonly string[] = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter(isModel)
  .map((path) => readFileSync(join(SOURCE, path), 'utf8'));

/** End of the string or template that begins at `at`; its text with a `*` for each value put in. */
const literalAt = (source: string, at: number): { readonly end: number; readonly text: string } => {
  const quote = source[at];
  let text = '';
  for (let i = at + 1; i < source.length; i++) {
    if (source[i] === '\\') text += source[++i] ?? '';
    else if (source[i] === quote) return { end: i + 1, text };
    else if (quote === '`' && source.startsWith('${', i)) {
      i = closingOf(source, i + 1) - 1;
      text += '*';
    } else text += source[i] ?? '';
  }
  throw new Error(`a string without end: ${source.slice(at, at + 40)}`);
};

const OPENING = '([{';
const CLOSING = ')]}';
const QUOTES = '\'"`';

/** Just after the bracket that closes the one at `at`. */
const closingOf = (source: string, at: number): number => {
  let depth = 0;
  for (let i = at; i < source.length; i++) {
    const character = source.charAt(i);
    if (QUOTES.includes(character)) i = literalAt(source, i).end - 1;
    else if (OPENING.includes(character)) depth++;
    else if (CLOSING.includes(character) && --depth === 0) return i + 1;
  }
  throw new Error(`a bracket without end: ${source.slice(at, at + 40)}`);
};

/** What stands between the commas of the call whose bracket opens at `at`. */
const argumentsAt = (source: string, at: number): string[] => {
  const end = closingOf(source, at) - 1;
  const found: string[] = [];
  let start = at + 1;
  for (let i = start; i < end; i++) {
    const character = source.charAt(i);
    if (QUOTES.includes(character)) i = literalAt(source, i).end - 1;
    else if (OPENING.includes(character)) i = closingOf(source, i) - 1;
    else if (character === ',') {
      found.push(source.slice(start, i));
      start = i + 1;
    }
  }
  return [...found, source.slice(start, end)].map((text) => text.trim());
};

/** The strings in an expression, those inside of others left out. */
const literalsIn = (expression: string): string[] => {
  const found: string[] = [];
  for (let i = 0; i < expression.length; i++) {
    if (!QUOTES.includes(expression.charAt(i))) continue;
    const { end, text } = literalAt(expression, i);
    found.push(text);
    i = end - 1;
  }
  return found;
};

/** What the variable `name` stands for before `at`: its declaration, else what callers of the function pass. */
const meaningOf = (source: string, name: string, at: number): string => {
  const before = source.slice(0, at);
  const declared = before.lastIndexOf(`const ${name} = `);
  const owner = [...before.matchAll(/^(?:export )?(?:const|function\*?) (\w+)/gm)].at(-1);
  if (declared > (owner?.index ?? 0)) return source.slice(declared, source.indexOf(';', declared));
  const calls = [...source.matchAll(new RegExp(`\\b${owner?.[1] ?? ''}\\(`, 'g'))];
  return calls.map(({ index }) => source.slice(index, closingOf(source, source.indexOf('(', index)))).join('\n');
};

const looksLikeMessage = (text: string): boolean => text.includes(' ');

/** Classes and messages of one file: `class: message`, with `*` for what is put in. */
const reportsIn = (source: string): string[] => {
  const found: string[] = [];
  const add = (classes: readonly string[], messages: readonly string[]): void => {
    // Of two classes and two messages the first belongs to the first.
    const paired = classes.length > 1 && classes.length === messages.length;
    for (const [i, message] of messages.entries()) {
      for (const each of paired ? classes.slice(i, i + 1) : classes) found.push(`${each}: ${message}`);
    }
  };
  for (const call of source.matchAll(/(?:\.(?:report|oops)|\bfound)\((?=\s*[\w'])/g)) {
    const [first = '', second = ''] = argumentsAt(source, call.index + call[0].length - 1);
    if (/^\w+:/.test(first) || first === 'reportClass' || first === 'value') continue;
    const messages = literalsIn(second);
    const indirect = messages.length === 0 ? literalsIn(meaningOf(source, second, call.index)) : messages;
    add(literalsIn(first), indirect.filter(looksLikeMessage));
  }
  for (const guard of source.matchAll(/activeAtFree: ([\s\S]*?)guards/g)) {
    add(['use-after-free'], literalsIn(guard[1] ?? ''));
  }
  for (const made of source.matchAll(/class: ('[\w-]+'),\s*message: /g)) {
    add(literalsIn(made[1] ?? ''), [literalAt(source, made.index + made[0].length).text]);
  }
  return found;
};

/** Words of the table that stand for whatever is put in. */
const PLACEHOLDERS = /(?<![A-Za-z_])(?:FN|OBJ|WORK|WQ|TASKS?|TIMER|LINK|PATH|NAME|TEXT|CALL|[A-Z])(?![A-Za-z_0-9])/g;

/** Two values put in one after the other are one, as in the table. */
const normal = (message: string): string => message.replaceAll(/\*(?:\*)+/g, '*');

const rows: readonly string[] = readFileSync(TABLE, 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, kind, message] = /^\| `([\w-]+)` +\| `([^`]+)`/.exec(line) ?? [];
    if (kind === undefined || message === undefined) return [];
    const pattern = message.replaceAll('CPU#N', 'CPU#*').replaceAll(PLACEHOLDERS, '*');
    return [`${kind}: ${normal(pattern)}`];
  });

const reported = new Set(files.flatMap(reportsIn).map(normal));

it('finds the reports of the source', () => {
  expect(reported.size).toBeGreaterThan(40);
  expect(reported).toContain('use-after-free: KASAN: slab-use-after-free in *');
  expect(reported).toContain('refcount: refcount_t: underflow; use-after-free.');
  expect(reported).toContain('use-after-free: WARNING: held lock freed! *');
});

it('has a row in the table for each report', () => {
  expect([...reported].filter((report) => !rows.includes(report)).sort()).toEqual([]);
});

it('has a report for each row of the table', () => {
  expect(rows.filter((row) => !reported.has(row)).sort()).toEqual([]);
});
