// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import ts from 'typescript';
import type { Site } from './site.js';

/** Two texts of the same length in lines: the mutant in place of what was there. */
const mutatedText = (text: string, { kind, start, end, after }: Site): string =>
  `${text.slice(0, start)}${kind === 'expression' ? `(${after})` : `{${after}}`}${text.slice(end)}`;

const optionsOf = (root: string): ts.CompilerOptions => {
  const file = join(root, 'tsconfig.base.json');
  const read: unknown = ts.readConfigFile(file, (path) => ts.sys.readFile(path)).config;
  const { options } = ts.parseJsonConfigFileContent(read, { ...ts.sys, readDirectory: () => [] }, root);
  // What is left unused by a statement that is gone says nothing about what the code does.
  const lenient = { noUnusedLocals: false, noUnusedParameters: false, composite: false, incremental: false };
  return { ...options, ...lenient, noEmit: true };
};

/**
 * The type checker, asked before a mutant is made: one that it refuses (another text where a union of texts
 * is asked for, a null that nobody looked at, a field that is never set) could not be committed by anybody.
 */
export class TypeGate {
  private readonly changed = new Map<string, { version: number; text: string }>();
  private readonly errorsBefore = new Map<string, number>();
  private readonly service: ts.LanguageService;

  constructor(
    private readonly root: string,
    private readonly texts: ReadonlyMap<string, string>,
  ) {
    const options = optionsOf(root);
    const paths = [...texts.keys()].map((file) => join(root, file));
    this.service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => paths,
      getScriptVersion: (path) => String(this.changed.get(path)?.version ?? 0),
      getScriptSnapshot: (path) => {
        const text = this.changed.get(path)?.text ?? ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => root,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (path) => ts.sys.fileExists(path),
      readFile: (path) => ts.sys.readFile(path),
      directoryExists: (path) => ts.sys.directoryExists(path),
      getDirectories: (path) => ts.sys.getDirectories(path),
    });
  }

  /** Would the file have a type error that it has not? */
  refuses(site: Site): boolean {
    const text = this.texts.get(site.file) ?? '';
    const before = this.errorsBefore.get(site.file) ?? this.errorsIn(site.file, text);
    this.errorsBefore.set(site.file, before);
    const found = this.errorsIn(site.file, mutatedText(text, site));
    this.put(site.file, text);
    return found > before;
  }

  private errorsIn(file: string, text: string): number {
    this.put(file, text);
    const path = join(this.root, file);
    const found = [...this.service.getSyntacticDiagnostics(path), ...this.service.getSemanticDiagnostics(path)];
    return found.filter(({ category }) => category === ts.DiagnosticCategory.Error).length;
  }

  private put(file: string, text: string): void {
    const path = join(this.root, file);
    const known = this.changed.get(path);
    if (known?.text !== text) this.changed.set(path, { version: (known?.version ?? 0) + 1, text });
  }
}
