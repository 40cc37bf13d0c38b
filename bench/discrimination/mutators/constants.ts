// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';
import { instead, type Mutator } from './mutator.js';

const { SyntaxKind: Kind } = ts;

/**
 * Functions whose texts name a site, a field or a lock, or go to the log of the simulated kernel: the
 * first say nothing to a kernel, and the type checker refuses every other name of a field.
 */
const namesOnly =
  /^(kfn|lock_\w+|load|store|plain_\w+|READ_ONCE|WRITE_ONCE|rcu_\w+|srcu_\w+|cmpxchg|xchg|smp_\w+|list_\w+|init_\w+|INIT_\w+|alloc_\w+|kmalloc\w*|kzalloc\w*|dev_\w+|pr_\w+|field|define\w*|wait_\w+|step|note|madeBy|report|fail|warn\w*|Error|includes)$/;

const calleeName = (call: ts.CallExpression | ts.NewExpression): string => {
  const { expression } = call;
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
};

const isNameOnly = (node: ts.Node): boolean => {
  const { parent } = node;
  // An object of the kernel is made with its name.
  if (ts.isNewExpression(parent)) return true;
  if (ts.isCallExpression(parent)) return namesOnly.test(calleeName(parent));
  if (ts.isElementAccessExpression(parent) || ts.isComputedPropertyName(parent)) return true;
  // `kind === 'read'`: an equality has a mutant of its own, and another text is no member of the union.
  return ts.isBinaryExpression(parent) || ts.isCaseClause(parent) || ts.isTypeOfExpression(parent);
};

/** Texts for who reads a table or an error message of this project: no kernel has them. */
const forPeople = /^(text|looked|todo|message|why)$/;

const isForPeople = (node: ts.Node): boolean => {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isPropertyAssignment(at)) return forPeople.test(at.name.getText());
    if (!ts.isArrayLiteralExpression(at) && !ts.isConditionalExpression(at)) return false;
  }
  return false;
};

const isDeclaredName = (node: ts.Node): boolean =>
  ts.isImportDeclaration(node.parent) ||
  ts.isExportDeclaration(node.parent) ||
  ((ts.isPropertyAssignment(node.parent) || ts.isMethodDeclaration(node.parent)) && node.parent.name === node);

/** A text, a number or a truth value that is another one. */
export const constant: Mutator = (node, source) => {
  if (ts.isSourceFile(node)) return [];
  if (node.kind === Kind.TrueKeyword) return [instead('boolean-changed', node, source, 'false')];
  if (node.kind === Kind.FalseKeyword) return [instead('boolean-changed', node, source, 'true')];
  if (ts.isNumericLiteral(node) && !isDeclaredName(node)) {
    return [instead('number-changed', node, source, String(Number(node.text) === 1 ? 0 : Number(node.text) + 1))];
  }
  if (!ts.isStringLiteral(node) && !ts.isNoSubstitutionTemplateLiteral(node)) return [];
  if (isDeclaredName(node) || isNameOnly(node) || isForPeople(node)) return [];
  return [instead('string-changed', node, source, JSON.stringify(node.text === '' ? 'mutant' : `${node.text}~`))];
};

/** An entry of a list with several is left out. */
export const tableEntry: Mutator = (node, source) => {
  if (!ts.isArrayLiteralExpression(node) || node.elements.length < 2) return [];
  if (isForPeople(node)) return [];
  const texts = node.elements.map((element) => element.getText(source));
  return node.elements.map((_element, at) => ({
    ...instead('table-entry-removed', node, source, `[${texts.filter((_text, nth) => nth !== at).join(', ')}]`),
  }));
};
