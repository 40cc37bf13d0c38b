// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';
import { instead, type Mutator } from './mutator.js';

const { SyntaxKind: Kind } = ts;

const comparisons: ReadonlyMap<ts.SyntaxKind, readonly [operator: string, after: string]> = new Map([
  [Kind.LessThanToken, ['boundary', '<=']],
  [Kind.LessThanEqualsToken, ['boundary', '<']],
  [Kind.GreaterThanToken, ['boundary', '>=']],
  [Kind.GreaterThanEqualsToken, ['boundary', '>']],
  [Kind.EqualsEqualsEqualsToken, ['equality', '!==']],
  [Kind.ExclamationEqualsEqualsToken, ['equality', '===']],
  [Kind.AmpersandAmpersandToken, ['logical', '||']],
  [Kind.BarBarToken, ['logical', '&&']],
]);

/** `<` and `<=`, `===` and `!==`, `&&` and `||`. */
export const comparison: Mutator = (node, source) => {
  if (!ts.isBinaryExpression(node)) return [];
  const found = comparisons.get(node.operatorToken.kind);
  if (found === undefined) return [];
  const [operator, after] = found;
  return [instead(operator, node, source, `${node.left.getText(source)} ${after} ${node.right.getText(source)}`)];
};

const isEquality = (node: ts.Expression): boolean =>
  ts.isBinaryExpression(node) && comparisons.get(node.operatorToken.kind)?.[0] === 'equality';

const negated = (operator: string, node: ts.Expression, source: ts.SourceFile) =>
  // An equality that is turned around is the same mutant, and is there already.
  isEquality(node) ? [] : [instead(operator, node, source, `!(${node.getText(source)})`)];

/** The other branch of an `if` with `else` or of `?:`; the branch of an `if` alone; a loop that is not entered. */
export const condition: Mutator = (node, source) => {
  if (ts.isIfStatement(node)) {
    return negated(node.elseStatement === undefined ? 'condition-negated' : 'branch-swapped', node.expression, source);
  }
  if (ts.isConditionalExpression(node)) return negated('branch-swapped', node.condition, source);
  if (ts.isWhileStatement(node)) return [instead('loop-skipped', node.expression, source, 'false')];
  return [];
};
