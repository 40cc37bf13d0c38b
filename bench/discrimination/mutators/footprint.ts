// SPDX-License-Identifier: GPL-2.0-only
import ts from 'typescript';

const isStep = (node: ts.Node): boolean =>
  ts.isCallExpression(node) &&
  ts.isIdentifier(node.expression) &&
  /^(makeStep|checkPointer)$/.test(node.expression.text);

/** `{ object, field }`, with what is done to it or without, wherever it is put together. */
const isTouch = (node: ts.Node): boolean => {
  if (!ts.isObjectLiteralExpression(node)) return false;
  const names = node.properties.map(({ name }) => (name !== undefined && ts.isIdentifier(name) ? name.text : ''));
  return names.includes('object') && names.includes('field');
};

/**
 * What a step tells the checker about itself (footprint, ordering) is not what the kernel does; when it may be
 * taken, and what it does then, are functions, and those are.
 */
export const isFootprint = (node: ts.Node): boolean => {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isFunctionLike(at)) return false;
    if (isTouch(at) || (at.parent !== undefined && isStep(at.parent))) return true;
    // A list of nothing but that.
    if (ts.isArrayLiteralExpression(at) && at.elements.some(isTouch)) return true;
  }
  return false;
};
