// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';
import { mutators } from './mutators/all.js';
import { isFootprint } from './mutators/footprint.js';
import { siteKey, type Owner, type Site } from './site.js';

export interface Found {
  readonly sites: readonly Site[];
  readonly owners: readonly Owner[];
}

/** Numbers that no two sites or owners of a run share. */
export interface Numbers {
  next: number;
}

const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody } =>
  ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;

/** The name that the code around gives the node, e.g. of the variable that a function is the value of. */
const nameOf = (node: ts.Node): string | undefined => {
  if ((ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) && node.name !== undefined)
    return node.name.text;
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isPropertyDeclaration(node)) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) return node.name.getText();
  return ts.isClassDeclaration(node) ? node.name?.text : undefined;
};

const ownerOf = (node: ts.Node): { readonly name: string; readonly isStatic: boolean } => {
  let isStatic = true;
  const names: string[] = [];
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    // Fields of a class are set whenever one is made.
    if (isFunction(at) || ts.isPropertyDeclaration(at)) isStatic = false;
    const name = nameOf(at);
    if (name !== undefined) names.push(name);
  }
  return { name: names.toReversed().join('.') || 'module', isStatic };
};

const identifiersIn = (node: ts.Node): ReadonlySet<string> => {
  const names = new Set<string>();
  const walk = (at: ts.Node): void => {
    if (ts.isIdentifier(at)) names.add(at.text);
    ts.forEachChild(at, walk);
  };
  walk(node);
  return names;
};

const bodyOf = (body: ts.ConciseBody, source: ts.SourceFile): NonNullable<Owner['body']> =>
  ts.isBlock(body)
    ? { start: body.getStart(source) + 1, end: body.getEnd() - 1, kind: 'block' }
    : { start: body.getStart(source), end: body.getEnd(), kind: 'expression' };

/** All places of a source file that a mutator changes, and its functions and declarations. */
export const findSites = (file: string, text: string, numbers: Numbers): Found => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const sites: Site[] = [];
  const known = new Map<string, number>();
  const owners: Owner[] = [];
  const walk = (node: ts.Node): void => {
    // Types are gone before anything runs.
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    const { name, isStatic } = ownerOf(node);
    if (isFunction(node)) {
      owners.push({
        id: numbers.next++,
        file,
        name,
        body: bodyOf(node.body, source),
        speaksOf: identifiersIn(node.body),
      });
    } else if (ts.isVariableDeclaration(node) && isStatic) {
      owners.push({ id: numbers.next++, file, name, speaksOf: identifiersIn(node) });
    }
    const changes = isFootprint(node) ? [] : mutators.flatMap((mutator) => mutator(node, source));
    for (const change of changes) {
      const line = source.getLineAndCharacterOfPosition(change.start).line + 1;
      const before = text.slice(change.start, change.end);
      if (before === change.after) continue;
      const site = { ...change, id: numbers.next++, file, line, before, owner: name, isStatic };
      const key = siteKey(site);
      const nth = (known.get(key) ?? 0) + 1;
      known.set(key, nth);
      sites.push({ ...site, key: nth === 1 ? key : `${key} | ${String(nth)}` });
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return { sites, owners };
};
