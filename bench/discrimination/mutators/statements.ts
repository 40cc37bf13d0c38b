// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';
import type { Change } from '../site.js';
import type { Mutator } from './mutator.js';

const range = (first: ts.Node, last: ts.Node, source: ts.SourceFile) => ({
  start: first.getStart(source),
  end: last.getEnd(),
});

/** What only claims, or writes to the log: without it the kernel does the same. */
const saysOnly =
  /^(yield\*\s*)?(\w+\.)*(lockdep_\w+|might_sleep\w*|WARN_ON\w*|BUG_ON|BUILD_BUG_ON|assert\w*|dev_\w+|pr_\w+)\(/;

/** A class needs it, whatever the kernel does. */
const isSuper = ({ expression }: ts.ExpressionStatement): boolean =>
  ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword;

/** A statement left out; `yield-removed` where it takes steps. An early `return` is not taken. */
export const removal: Mutator = (node, source) => {
  if (ts.isReturnStatement(node) && node.expression === undefined && !ts.isSourceFile(node.parent)) {
    return [{ operator: 'statement-removed', kind: 'statement', ...range(node, node, source), after: '' }];
  }
  if (!ts.isExpressionStatement(node) || isSuper(node) || saysOnly.test(node.getText(source))) return [];
  const operator = ts.isYieldExpression(node.expression) ? 'yield-removed' : 'statement-removed';
  return [{ operator, kind: 'statement', ...range(node, node, source), after: '' }];
};

/** Two statements next to each other, the second first. */
export const exchange: Mutator = (node, source) => {
  if (!ts.isBlock(node)) return [];
  return node.statements.flatMap((first, at): Change[] => {
    const second = node.statements[at + 1];
    if (second === undefined || !ts.isExpressionStatement(first) || !ts.isExpressionStatement(second)) return [];
    if (isSuper(first)) return [];
    const after = `${second.getText(source)} ${first.getText(source)}`;
    return [{ operator: 'statements-exchanged', kind: 'statement', ...range(first, second, source), after }];
  });
};
