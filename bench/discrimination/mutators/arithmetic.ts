// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';
import { instead, type Mutator } from './mutator.js';

const { SyntaxKind: Kind } = ts;

const others: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [Kind.PlusToken, '-'],
  [Kind.MinusToken, '+'],
  [Kind.AsteriskToken, '/'],
  [Kind.SlashToken, '*'],
  [Kind.PercentToken, '*'],
  [Kind.AmpersandToken, '|'],
  [Kind.BarToken, '&'],
  [Kind.LessThanLessThanToken, '>>'],
  [Kind.PlusEqualsToken, '-='],
  [Kind.MinusEqualsToken, '+='],
]);

const isText = (node: ts.Expression): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

/** Another arithmetic operator. */
export const arithmetic: Mutator = (node, source) => {
  if (ts.isPostfixUnaryExpression(node) || (ts.isPrefixUnaryExpression(node) && isStep(node.operator))) {
    const text = node.getText(source);
    const after = text.includes('++') ? text.replace('++', '--') : text.replace('--', '++');
    return [instead('arithmetic', node, source, after)];
  }
  if (!ts.isBinaryExpression(node) || isText(node.left) || isText(node.right)) return [];
  const other = others.get(node.operatorToken.kind);
  if (other === undefined) return [];
  return [instead('arithmetic', node, source, `${node.left.getText(source)} ${other} ${node.right.getText(source)}`)];
};

const isStep = (operator: ts.SyntaxKind): boolean =>
  operator === Kind.PlusPlusToken || operator === Kind.MinusMinusToken;
