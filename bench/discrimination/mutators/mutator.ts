// SPDX-License-Identifier: GPL-2.0-only
import type ts from 'typescript';
import type { Change } from '../site.js';

/** Proposes changes for one node; none where it has nothing to say about it. */
export type Mutator = (node: ts.Node, source: ts.SourceFile) => readonly Change[];

/** Replaces the node by the text. */
export const instead = (operator: string, node: ts.Node, source: ts.SourceFile, after: string): Change => ({
  operator,
  kind: 'expression',
  start: node.getStart(source),
  end: node.getEnd(),
  after,
});
