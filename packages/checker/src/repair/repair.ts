// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { checkWhole } from '../bounds.js';
import type { Finding } from '../finding/finding.js';
import { withEdge } from './edge.js';
import { edgeCandidates } from './edge-candidates.js';
import { Trials, type Attempt } from './trials.js';

/** A named change of the code: what a revision calls a remedy. */
export interface Remedy {
  readonly name: string;
  /** The program with the remedy in it. */
  apply(program: Program): Program;
}

/** What a search says of a program. */
export interface RepairVerdict {
  /** Ids of what it found. */
  readonly ids: readonly string[];
  /** It went to the end of its bound. */
  readonly complete: boolean;
}

export interface RepairOptions {
  /** The program in which the finding was found. */
  readonly program: Program;
  readonly remedies: readonly Remedy[];
  /** The search that found it, with the same bound. */
  readonly explore: (program: Program) => RepairVerdict | Promise<RepairVerdict>;
  /** Programs in which nothing new may appear. */
  readonly battery?: readonly Program[];
  /** Remedies at a time, at most; default 3. */
  readonly maxRemedies?: number;
  /** Happens-before edges that are tried; default 12, 0: none. */
  readonly maxEdges?: number;
  /** Searches at most; default 500. */
  readonly maxSearches?: number;
  /** Sets that are tried at a time, where `explore` uses threads of its own; default 1. What comes back is the same. */
  readonly width?: number;
}

/** A set of changes after which the finding is gone and nothing new appears. */
export interface Mend {
  /** Names of remedies, in the order given. */
  readonly remedies: readonly string[];
  /** The added order, in kernel words. */
  readonly edge?: string;
  /** Every search behind it went to the end of its bound. */
  readonly complete: boolean;
}

/** A set that does not mend, and why. */
export interface Rejected {
  readonly remedies: readonly string[];
  readonly edge?: string;
  readonly because: string;
}

export interface RepairResult {
  readonly finding: string;
  /** The smallest sets of remedies; all of one size. */
  readonly remedies: readonly Mend[];
  /** Single edges that mend it as well: what a remedy would have to bring about. */
  readonly edges: readonly Mend[];
  readonly rejected: readonly Rejected[];
  readonly searches: number;
  /** The bound on searches came first. */
  readonly stopped: boolean;
}

/** All subsets of `size`, in the order of the list. */
function* subsets<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [at, item] of items.entries()) {
    for (const rest of subsets(items.slice(at + 1), size - 1)) yield [item, ...rest];
  }
}

const MAX_SEARCHES = 500;
const MAX_REMEDIES = 3;
const MAX_EDGES = 12;

/**
 * What would mend a finding: the smallest sets of remedies after which it is gone and
 * nothing new appears, and single happens-before edges that do the same. Deterministic,
 * bounded in searches.
 * @throws LMP-328 the search does not find it in the program as it is
 */
export const repair = async (finding: Finding, options: RepairOptions): Promise<RepairResult> => {
  const { maxRemedies = MAX_REMEDIES, maxEdges = MAX_EDGES, maxSearches = MAX_SEARCHES, width = 1 } = options;
  checkWhole('maxRemedies', maxRemedies, 0);
  checkWhole('maxEdges', maxEdges, 0);
  checkWhole('maxSearches', maxSearches, 1);
  checkWhole('width', width, 1);
  const trials = new Trials(finding, options);
  let searches = await trials.begin();
  let stopped = searches > maxSearches;
  const rejected: Rejected[] = [];
  const remedies: Mend[] = [];
  const edges: Mend[] = [];

  /** Tries `width` at a time; what they gave counts in the order of the list, whoever comes back first. */
  const attempt = async (attempts: readonly Attempt[], mends: Mend[]): Promise<void> => {
    for (let at = 0; at < attempts.length && !stopped; at += width) {
      const judged = await Promise.all(attempts.slice(at, at + width).map(async (one) => trials.judge(one)));
      for (const { what, judgement, cost } of judged) {
        if (searches + cost > maxSearches) {
          stopped = true;
          return;
        }
        searches += cost;
        if ('because' in judgement) rejected.push({ ...what, because: judgement.because });
        else mends.push({ ...what, complete: judgement.complete });
      }
    }
  };

  for (let size = 1; size <= Math.min(maxRemedies, options.remedies.length) && remedies.length === 0; size++) {
    const sets = [...subsets(options.remedies, size)].map((set): Attempt => ({
      what: { remedies: set.map(({ name }) => name) },
      apply: (program) => set.reduce((mended, remedy) => remedy.apply(mended), program),
    }));
    await attempt(sets, remedies);
  }
  if (maxEdges > 0 && !stopped) {
    const candidates = edgeCandidates(options.program, finding, maxEdges).map(({ edge, words }): Attempt => ({
      what: { remedies: [], edge: words },
      apply: (program) => withEdge(program, edge),
    }));
    await attempt(candidates, edges);
  }
  return { finding: finding.id, remedies, edges, rejected, searches, stopped };
};
