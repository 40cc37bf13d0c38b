// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';
import { COUNT, PROBE, SWITCH } from './names.js';
import type { Owner, Site } from './site.js';

/** Text around a range: what goes before it and what goes behind. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly open: string;
  readonly close: string;
}

/** Do the ranges cross, so that neither is inside the other? */
export const cross = (a: Pick<Edit, 'start' | 'end'>, b: Pick<Edit, 'start' | 'end'>): boolean =>
  (a.start < b.start && b.start < a.end && a.end < b.end) || (b.start < a.start && a.start < b.end && b.end < a.end);

/** The text with all edits, outer ones outside. @throws when two ranges cross */
const edited = (text: string, edits: readonly Edit[]): string => {
  const marks = edits.flatMap((edit, nth) => [
    { at: edit.start, text: edit.open, isOpen: true, length: edit.end - edit.start, nth },
    { at: edit.end, text: edit.close, isOpen: false, length: edit.end - edit.start, nth },
  ]);
  for (const [nth, edit] of edits.entries()) {
    const crossed = edits.slice(nth + 1).find((other) => cross(edit, other));
    if (crossed !== undefined) throw new Error(`ranges cross at ${String(edit.start)} and ${String(crossed.start)}`);
  }
  // At one place ends come before beginnings, what stands between before what encloses; of beginnings the longest
  // first, of ends the shortest; equal ones nest.
  marks.sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    if (a.isOpen !== b.isOpen) return a.isOpen ? 1 : -1;
    if ((a.length === 0) !== (b.length === 0)) return a.length === 0 ? -1 : 1;
    const byLength = a.isOpen ? b.length - a.length : a.length - b.length;
    return byLength === 0 ? (a.isOpen ? a.nth - b.nth : b.nth - a.nth) : byLength;
  });
  let out = '';
  let from = 0;
  for (const mark of marks) {
    out += text.slice(from, mark.at) + mark.text;
    from = mark.at;
  }
  return out + text.slice(from);
};

/** No name that a source has: its own names mean there what they meant. */
const VALUE = '__mpathValue';

/** The mutant says that it is evaluated, and where it can what the model's own value would have been. */
const switchOf = ({ id, kind, start, end, before, after }: Site): Edit => {
  const isAlive = `globalThis.${SWITCH}===${String(id)}`;
  const counted = `globalThis.${COUNT}`;
  if (kind === 'statement') return { start, end, open: `if(${isAlive}){${counted}();${after}}else{`, close: '}' };
  if (!isPure(before)) return { start, end, open: `(${isAlive}?(${counted}(),(${after})):(`, close: '))' };
  const both = `${isAlive}?${counted}(${VALUE},(${after})):${VALUE}`;
  return { start, end, open: `((${VALUE})=>${both})(`, close: ')' };
};

const probe = (id: number): string => `globalThis.${PROBE}(${String(id)})`;

/** Evaluating it once more does nothing, and needs no step. */
const isPure = (text: string): boolean => !/\b(yield|new|await)\b|[\w\])]\(|=>|`|\+\+|--|[^=!<>]=[^=>]/.test(text);

/** A value beside which the mutant's can be put; a place where it is always the same says nothing about the mutant. */
const comparable: ReadonlySet<string> = new Set(['boundary', 'equality', 'logical', 'arithmetic']);

const reachedSite = ({ id, kind, operator, start, end, before, after }: Site): Edit => {
  if (comparable.has(operator) && isPure(before)) {
    return {
      start,
      end,
      open: `((${VALUE})=>(globalThis.${PROBE}(${String(id)},${VALUE},()=>(${after})),${VALUE}))(`,
      close: ')',
    };
  }
  if (kind === 'expression') return { start, end, open: `(${probe(id)},(`, close: '))' };
  // Two statements that change places are reached where the first is; their ranges may cross others.
  if (operator === 'statements-exchanged') return { start, end: start, open: `${probe(id)};`, close: '' };
  return { start, end, open: `{${probe(id)};`, close: '}' };
};

const reachedOwner = ({ id, body }: Owner): Edit[] => {
  if (body === undefined) return [];
  const { start, end, kind } = body;
  return kind === 'block'
    ? [{ start, end: start, open: `${probe(id)};`, close: '' }]
    : [{ start, end, open: `(${probe(id)},(`, close: '))' }];
};

/** Types are left out: a mutant need not pass the type checker, only run. */
const compiled = (file: string, text: string): string =>
  ts.transpileModule(text, {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText;

/** JavaScript in which the global {@link SWITCH} says which of the mutants is alive. */
export const withSwitches = (file: string, text: string, sites: readonly Site[]): string =>
  compiled(file, edited(text, sites.map(switchOf)));

/**
 * JavaScript that tells {@link PROBE} which functions and sites are reached; with the value that a comparison or a
 * calculation has, and one that gives the mutant's.
 */
export const withProbes = (file: string, text: string, sites: readonly Site[], owners: readonly Owner[]): string =>
  compiled(file, edited(text, [...owners.flatMap(reachedOwner), ...sites.map(reachedSite)]));

/** JavaScript of a file as it is. */
export const asItIs = (file: string, text: string): string => compiled(file, text);
