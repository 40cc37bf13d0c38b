// SPDX-License-Identifier: GPL-2.0-only
import type { Edge } from './edge.js';

/** Kernel function and operation of a site label `fn: op kind.field[n]`. */
const partsOf = (label: string): { readonly fn: string; readonly op: string; readonly target: string } => {
  const [, fn = label, op = '', target = ''] = /^(.*?): (\S+) (.*)$/.exec(label) ?? [];
  return { fn, op, target };
};

/** How the edge would be written in the kernel. */
export const edgeWords = (edge: Edge, inWork: boolean): string => {
  const { fn, op, target } = partsOf(edge.before);
  const place = `before ${op} of ${target} in ${fn}()`;
  const end =
    edge.until === undefined
      ? 'until it returns'
      : `up to its ${partsOf(edge.until).op} of ${partsOf(edge.until).target}`;
  return inWork
    ? `flush ${place}: flush_work() or cancel_work_sync() of the work that runs ${edge.first}()`
    : `grace period ${place}: synchronize_srcu(), with ${edge.first}() ${end} in a read section; or a reference held across it that ${fn}() waits for`;
};
