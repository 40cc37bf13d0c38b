// SPDX-License-Identifier: GPL-2.0-only
import { conflicts, siteLabel, type Program } from '@libmultipath/kernel';
import type { Finding } from '../finding/finding.js';
import { Follower } from '../follower.js';
import { traceRun, type TraceEvent } from '../finding/run-trace.js';
import type { Edge } from './edge.js';
import { edgeWords } from './edge-words.js';

/** An edge to try, and how a kernel developer would say it. */
export interface EdgeCandidate {
  readonly edge: Edge;
  readonly words: string;
}

const labelOf = ({ step }: TraceEvent): string => siteLabel(step);

/** The edges that would make `late` come before `early`: the section ends at the site, with the function, with a caller. */
const edgesFor = (early: TraceEvent, late: TraceEvent): EdgeCandidate[] => {
  const inWork = late.task.kind === 'kworker';
  const before = labelOf(early);
  const [own] = late.stack;
  const edges: Edge[] = [
    ...(own === undefined ? [] : [{ first: own, until: labelOf(late), before }]),
    ...late.stack.map((first) => ({ first, before })),
  ];
  return edges
    .filter(({ first }) => !early.stack.includes(first))
    .map((edge) => ({ edge, words: edgeWords(edge, inWork && edge.first === late.stack.at(-1)) }));
};

/** Pairs of steps of two tasks that conflict with nothing between: the race of the finding first, then from its end. */
const racesIn = (events: readonly TraceEvent[], last: number): [TraceEvent, TraceEvent][] => {
  const pairs: [TraceEvent, TraceEvent][] = [];
  for (let late = Math.min(last, events.length - 1); late > 0; late--) {
    const second = events[late];
    if (second === undefined) continue;
    const early = events
      .slice(0, late)
      .findLastIndex(({ task, step }) => task !== second.task && conflicts(step, second.step));
    const first = events[early];
    if (first !== undefined) pairs.push([first, second]);
  }
  return pairs;
};

/** Edges that a finding suggests, the likeliest first, each once. */
export const edgeCandidates = (program: Program, finding: Finding, most: number): EdgeCandidate[] => {
  const { events, occurrences } = traceRun(program, new Follower(finding.schedule, program.name), { stacks: true });
  const at = occurrences.find(({ id }) => id === finding.id)?.at ?? events.length;
  const found = new Map<string, EdgeCandidate>();
  for (const [early, late] of racesIn(events, at)) {
    for (const candidate of edgesFor(early, late)) {
      const { first, until, before } = candidate.edge;
      const key = [first, until ?? '', before].join('\n');
      if (!found.has(key)) found.set(key, candidate);
    }
  }
  return [...found.values()].slice(0, most);
};
