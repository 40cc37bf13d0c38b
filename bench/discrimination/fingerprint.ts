// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { pathToFileURL } from 'node:url';
import type { Source } from './sources.js';

/** What compares, whichever driver it is. */
const JUDGES = ['checker', 'conformance', 'contract', 'scenario'];
/** What asks; what it is asked for stands in the question. */
const ASKED = ['child.ts', 'lab.ts', 'instrument.ts'];

/** What only the posted series, batteries, guests and repairs use: no search of a released kernel's model gets there. */
const isElsewhere = (file: string): boolean => /\/dist\/(template|battery|guest|repair|findings)\//.test(file);

/** What a program does, whatever its comments say and however it is laid out. */
const bare = (text: string): string =>
  ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, removeComments: true },
  }).outputText;

/** Compiled file that a module asks for; undefined: none of this repository's. */
const imported = (root: string, from: string, specifier: string): string | undefined => {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const [scope, name = ''] = specifier.split('/');
  if (scope !== '@libmultipath') return undefined;
  return join(realpathSync(join(root, 'node_modules', '@libmultipath', name)), 'dist', 'index.js');
};

/** Tells one state of the models, and of what judges them, from another: driver → text. */
export class Fingerprints {
  private readonly hashes = new Map<string, { readonly hash: string; readonly imports: readonly string[] }>();
  private readonly texts: ReadonlyMap<string, string>;
  private readonly known = new Map<string, string>();

  constructor(
    private readonly root: string,
    sources: readonly Source[],
  ) {
    this.texts = new Map(sources.map(({ address, text }) => [address, text]));
  }

  of(driver: string): string {
    const known = this.known.get(driver) ?? this.reckoned(driver);
    this.known.set(driver, known);
    return known;
  }

  private reckoned(driver: string): string {
    const waiting = [
      join(this.root, 'drivers', driver, 'dist', 'index.js'),
      ...JUDGES.map((name) => join(this.root, 'packages', name, 'dist', 'index.js')),
    ];
    const reached = new Set<string>();
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (reached.has(file) || isElsewhere(file)) continue;
      reached.add(file);
      waiting.push(...this.module(file).imports);
    }
    const lines = [...reached].sort().map((file) => `${relative(this.root, file)} ${this.module(file).hash}`);
    const asked = ASKED.map((name) => bare(readFileSync(join(import.meta.dirname, name), 'utf8')));
    const lock = readFileSync(join(this.root, 'package-lock.json'), 'utf8');
    return hashOf([...lines, ...asked, lock].join('\n'));
  }

  private module(file: string): { readonly hash: string; readonly imports: readonly string[] } {
    const known = this.hashes.get(file);
    if (known !== undefined) return known;
    const compiled = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const text = this.texts.get(pathToFileURL(file).href) ?? compiled;
    const imports = ts
      .preProcessFile(compiled)
      .importedFiles.flatMap(({ fileName }) => imported(this.root, file, fileName) ?? []);
    const made = { hash: hashOf(bare(text)), imports };
    this.hashes.set(file, made);
    return made;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
