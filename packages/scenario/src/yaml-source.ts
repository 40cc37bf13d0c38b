// SPDX-License-Identifier: GPL-2.0-only
import type { Json, Position } from '@libmultipath/contract';
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { errors } from './errors.js';
import { ScenarioError } from './scenario-error.js';

/** Where a value stands in the document: keys and list indices from the root. */
export type Path = readonly (string | number)[];

const MAX_CHARS = 256 * 1024;
const MAX_DEPTH = 32;

/** A YAML text, read: plain values, and the place of each. */
export class YamlSource {
  private constructor(
    readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
    readonly value: Json,
  ) {}

  /** @throws {ScenarioError} LMP-401, with every syntax error */
  static read(text: string, file: string): YamlSource {
    const lines = new LineCounter();
    const document = parse(text, file, lines);
    const place = (offset: number): string => placeText(file, positionOf(lines, offset));
    const faults = [...document.errors, ...document.warnings].map((fault) =>
      refuse(place(fault.pos[0]), firstLine(fault.message)),
    );
    if (faults.length > 0) throw new ScenarioError(faults);
    refuseSharing(document, place);
    return new YamlSource(file, document, lines, plain(document.contents, place, 0));
  }

  /** Place of the value, or of the nearest thing around it that exists. */
  at(path: Path): Position {
    return this.position(this.nodeAt(path));
  }

  /** Place of a key of the mapping at `path`. */
  keyAt(path: Path, key: string): Position {
    const node = this.nodeAt(path);
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    return this.position(isPair(pair) && isScalar(pair.key) ? pair.key : node);
  }

  /** Place of the first scalar of that text at or below `path`. */
  scalarAt(path: Path, text: string): Position {
    const node = this.nodeAt(path);
    let found: Node | undefined;
    if (node !== undefined) {
      visit(node, {
        Scalar: (key, scalar) => {
          if (key === 'key' || String(scalar.value) !== text) return undefined;
          found = scalar;
          return visit.BREAK;
        },
      });
    }
    return this.position(found ?? node);
  }

  /** `file:line:column`. */
  place(position: Position): string {
    return placeText(this.file, position);
  }

  private nodeAt(path: Path): Node | undefined {
    let node: Node | undefined = this.document.contents ?? undefined;
    for (const step of path) {
      const next: unknown = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
      if (!isScalar(next) && !isMap(next) && !isSeq(next)) return node;
      node = next;
    }
    return node;
  }

  private position(node: Node | undefined): Position {
    return positionOf(this.lines, node?.range?.[0] ?? 0);
  }
}

const positionOf = (lines: LineCounter, offset: number): Position => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
};

const placeText = (file: string, { line, column }: Position): string => `${file}:${String(line)}:${String(column)}`;

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').replace(/ at line \d+, column \d+:$/, '');

const refuse = (where: string, message: string, cause?: unknown) =>
  errors.fail('LMP-401', {
    where,
    message,
    todo: 'write the scenario as one plain YAML document',
    ...(cause === undefined ? {} : { cause }),
  });

const parse = (text: string, file: string, lines: LineCounter): Document => {
  if (text.length > MAX_CHARS) {
    throw new ScenarioError([
      refuse(file, `expected at most ${String(MAX_CHARS)} characters, found ${String(text.length)}`),
    ]);
  }
  try {
    return parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  } catch (cause) {
    // The library recurses; a text that nests without end exhausts the stack.
    throw new ScenarioError([refuse(file, 'the text cannot be read as YAML', cause)]);
  }
};

const refuseSharing = (document: Document, place: (offset: number) => string): void => {
  let at: number | undefined;
  visit(document, {
    Alias: (_key, node) => {
      at = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  if (at !== undefined) throw new ScenarioError([refuse(place(at), 'expected a value, found an alias (`*name`)')]);
};

/** The node as JSON; what JSON has no word for is refused where it stands. */
const plain = (node: unknown, place: (offset: number) => string, depth: number): Json => {
  if (node === null || node === undefined) return null;
  const where = isScalar(node) || isMap(node) || isSeq(node) ? place(node.range?.[0] ?? 0) : place(0);
  if (depth > MAX_DEPTH) throw new ScenarioError([refuse(where, `expected at most ${String(MAX_DEPTH)} levels`)]);
  if (isSeq(node)) return node.items.map((item) => plain(item, place, depth + 1));
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => {
        if (!isScalar(key))
          throw new ScenarioError([refuse(where, 'expected a key of plain text, found a list or mapping')]);
        return [String(key.value), plain(value, place, depth + 1)];
      }),
    );
  }
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const kind = isAlias(node) ? 'an alias' : typeof value === 'number' ? String(value) : `a ${typeof value}`;
  throw new ScenarioError([refuse(where, `expected text, a finite number, true, false or null, found ${kind}`)]);
};
