// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';
import type { Change } from '../site.js';
import type { Mutator } from './mutator.js';

const range = (first: ts.Node, last: ts.Node, source: ts.SourceFile) => ({
  start: first.getStart(source),
  end: last.getEnd(),
});

/** What only claims, reports, or writes to the log: without it the kernel does the same. */
const saysOnlyPattern =
  /^(yield\*\s*)?(\w+(\(\))?\.)*(report|reportBeyond|lockdep_\w+|might_sleep\w*|WARN_ON\w*|BUG_ON|BUILD_BUG_ON|assert\w*|dev_\w+|pr_\w+)\(/;

/** A step is told to the checker, or the value it has read, and nothing is done. */
const tellsOnly = ({ expression }: ts.ExpressionStatement, source: ts.SourceFile): boolean =>
  (ts.isYieldExpression(expression) && expression.asteriskToken === undefined) ||
  (ts.isBinaryExpression(expression) &&
    expression.left.getText(source) === 'step.value' &&
    isOnlyTold(expression, source));

/** Nobody in the function looks at the step's value again. */
const isOnlyTold = (node: ts.Node, source: ts.SourceFile): boolean => {
  const owner = ts.findAncestor(node, ts.isFunctionLike);
  return owner?.getText(source).split('step.value').length === 2;
};

const saysOnly = (node: ts.ExpressionStatement, source: ts.SourceFile): boolean =>
  saysOnlyPattern.test(node.getText(source));

/** A class needs it, whatever the kernel does. */
const isSuper = ({ expression }: ts.ExpressionStatement): boolean =>
  ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword;

/** A statement left out; `yield-removed` where it takes steps. An early `return` is not taken. */
export const removal: Mutator = (node, source) => {
  if (ts.isReturnStatement(node) && node.expression === undefined && !ts.isSourceFile(node.parent)) {
    return [{ operator: 'statement-removed', kind: 'statement', ...range(node, node, source), after: '' }];
  }
  if (!ts.isExpressionStatement(node) || isSuper(node) || tellsOnly(node, source)) return [];
  if (saysOnly(node, source)) return [];
  const operator = ts.isYieldExpression(node.expression) ? 'yield-removed' : 'statement-removed';
  return [{ operator, kind: 'statement', ...range(node, node, source), after: '' }];
};

/** What an assignment to a field writes; undefined where the statement is another, or calls anything. */
const fieldSet = ({ expression }: ts.ExpressionStatement): string | undefined => {
  if (!ts.isBinaryExpression(expression) || !ts.isPropertyAccessExpression(expression.left)) return undefined;
  if (expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken || calls(expression)) return undefined;
  return expression.left.name.text;
};

const calls = (node: ts.Node): boolean =>
  ts.isCallExpression(node) ||
  ts.isYieldExpression(node) ||
  // What a function will do is done later.
  (!ts.isFunctionLike(node) && (ts.forEachChild(node, calls) ?? false));

/** Two fields are set within one step, neither from the other: nobody can tell which was first. */
const isOneMoment = (first: ts.ExpressionStatement, second: ts.ExpressionStatement, source: ts.SourceFile): boolean => {
  const [one, two] = [fieldSet(first), fieldSet(second)];
  if (one === undefined || two === undefined) return false;
  const speaksOf = (statement: ts.ExpressionStatement, field: string): boolean =>
    new RegExp(`\\b${field}\\b`).test(statement.getText(source));
  return !speaksOf(first, two) && !speaksOf(second, one);
};

/** Two statements next to each other, the second first. */
export const exchange: Mutator = (node, source) => {
  if (!ts.isBlock(node)) return [];
  return node.statements.flatMap((first, at): Change[] => {
    const second = node.statements[at + 1];
    if (second === undefined || !ts.isExpressionStatement(first) || !ts.isExpressionStatement(second)) return [];
    if (isSuper(first) || isOneMoment(first, second, source)) return [];
    if ([first, second].some((one) => tellsOnly(one, source) || saysOnly(one, source))) return [];
    const after = `${second.getText(source)} ${first.getText(source)}`;
    return [{ operator: 'statements-exchanged', kind: 'statement', ...range(first, second, source), after }];
  });
};
