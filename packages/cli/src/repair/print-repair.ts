// SPDX-License-Identifier: GPL-2.0-only
import type { Mend, RepairResult } from '@libmultipath/checker';
import { printable, wrap, type Level } from '@libmultipath/report';
import type { Output } from '../context.js';
import type { RepairDone } from './repair-work.js';

const COLUMNS = 100;

const bounded = ({ complete }: Mend): string => (complete ? '' : ' (as far as was explored: a search was stopped)');

/** What was tried and is no mend, by reason: most of them share one. */
const byReason = ({ rejected }: RepairResult): [because: string, what: string][] => {
  const reasons = new Map<string, { readonly sets: string[]; edges: number }>();
  for (const { remedies, edge, because } of rejected) {
    const reason = reasons.get(because) ?? { sets: [], edges: 0 };
    reasons.set(because, reason);
    if (edge === undefined) reason.sets.push(remedies.join(' + '));
    else reason.edges++;
  }
  return [...reasons].map(([because, { sets, edges }]) => [
    because,
    [...sets, ...(edges === 0 ? [] : [`${String(edges)} added order${edges === 1 ? '' : 's'}`])].join(', '),
  ]);
};

/** The smallest sets of remedies, the edges that do the same, and why the others do not. */
export const printRepair = (
  { result, finding, scenario, revision, ...tried }: RepairDone,
  level: Level,
  output: Output,
): void => {
  const columns = Math.max(40, output.columns ?? COLUMNS);
  const item = (text: string): void => {
    for (const line of wrap(printable(text), '    - ', columns)) output.write(`${line}\n`);
  };
  const [where = ''] = finding.functions;
  output.write(
    `${finding.id}  ${finding.class}${where === '' ? '' : ` in ${printable(where)}()`}, ${scenario} on ${revision}\n`,
  );
  output.write(
    result.remedies.length > 0 ? '  gone with\n' : `  no set of the ${String(tried.remedies)} remedies mends it\n`,
  );
  for (const mend of result.remedies) item(`${mend.remedies.join(' + ')}${bounded(mend)}`);
  if (result.edges.length > 0) output.write('  gone with an added order\n');
  for (const mend of result.edges) item(`${mend.edge ?? ''}${bounded(mend)}`);
  for (const [because, what] of level === 'quiet' ? [] : byReason(result)) {
    output.write(`  no mend, ${printable(because)}\n`);
    item(what);
  }
  output.write(
    `${String(result.searches)} searches; nothing new may appear in ${String(tried.battery + 1)} scenario${tried.battery === 0 ? '' : 's'}${result.stopped ? '; stopped before all was tried' : ''}\n`,
  );
};
