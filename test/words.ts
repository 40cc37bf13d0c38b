// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';

export interface Word {
  readonly kind: 'identifier' | 'text';
  readonly value: string;
  readonly line: number;
  /** `Math` in `Math.random`; undefined for a word that stands alone. */
  readonly of?: string;
  /** A member, a key, a label: the word names a part of something, not a variable. */
  readonly isPart: boolean;
}

const isPart = (node: ts.Identifier): boolean => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name === node;
  }
  return ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent) ? parent.name === node : false;
};

/** The identifiers and texts of a script. Comments are no words: they may explain what they like. */
export const wordsOf = (path: string, text: string): Word[] => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const words: Word[] = [];
  const visit = (node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    if (ts.isIdentifier(node)) {
      const of =
        ts.isPropertyAccessExpression(node.parent) && node.parent.name === node
          ? { of: node.parent.expression.getText(source) }
          : {};
      words.push({ kind: 'identifier', value: node.text, line, isPart: isPart(node), ...of });
    } else if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      words.push({ kind: 'text', value: node.text, line, isPart: false });
    } else if (ts.isRegularExpressionLiteral(node)) {
      words.push({ kind: 'text', value: node.text, line, isPart: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return words;
};
