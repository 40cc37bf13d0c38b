// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';

import { isScript, type Rule } from '../tree.js';

const vague = /^(utils?|helpers?|common|misc)$/;

/** A name that says nothing about what it holds. */
export const vagueNames: Rule = (files) =>
  files
    .filter(({ path }) => path.split('/').some((part) => vague.test(part.split('.')[0] ?? '')))
    .map(({ path }) => ({ where: path, message: 'a file or folder is named for what it holds' }));

/** `kebab-case.ts`, with what kind of file it is after a point. */
export const kebabCase: Rule = (files) =>
  files
    .filter(({ path }) => isScript(path) && !/(^|\/)\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/.test(path))
    .map(({ path }) => ({ where: path, message: 'a file name is kebab-case' }));

const rootIndex = /^(packages\/[^/]+|drivers\/[^/]+|harness|vm-images)\/src\/index\.ts$/;

/** A second `index.ts` is a second front door. */
export const oneIndex: Rule = (files) =>
  files
    .filter(({ path }) => /(^|\/)index\.(ts|mts|mjs|js)$/.test(path) && !rootIndex.test(path))
    .map(({ path }) => ({ where: path, message: 'index.ts stands only at the root of a package (src/index.ts)' }));

const maxLines = 400;

/** One concept a file; longer than this is two. */
export const shortFiles: Rule = (files) =>
  files
    .filter(({ path }) => isScript(path) || /\.[ch]$/.test(path))
    .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => ({ where: path, message: `${lines} lines; at most ${maxLines}` }));

const headed = /(^|\/)(mpath|run|Makefile|[^/]+\.(ts|mts|mjs|js|c|h|sh|ya?ml))$/;
const header = /^(#!.*\n)?(\/\/|#|\/\*) SPDX-License-Identifier: GPL-2\.0-only\b/;

/** Every source says under which licence it is, first thing. */
export const licensed: Rule = (files) =>
  files
    .filter(({ path, text }) => headed.test(path) && !header.test(text))
    .map(({ path }) => ({ where: path, message: 'begins with SPDX-License-Identifier: GPL-2.0-only' }));

/** Tools read their configuration from a default export; a user's mpath.config.ts is one too. */
const configuration = /(^|\/)(\.dependency-cruiser\.mjs|\.vitepress\/config\.ts|[^/]+\.config\.[a-z]+)$/;

const exportsDefault = (node: ts.Statement): boolean => {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportDeclaration(node) && node.exportClause !== undefined && ts.isNamedExports(node.exportClause)) {
    return node.exportClause.elements.some(({ name }) => name.text === 'default');
  }
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
};

/** A thing has one name, everywhere. */
export const namedExports: Rule = (files) =>
  files
    .filter(({ path }) => isScript(path) && !configuration.test(path))
    .flatMap(({ path, text }) => {
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
      return source.statements.filter(exportsDefault).map((node) => ({
        where: `${path}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`,
        message: 'exports by name, never as default',
      }));
    });
