// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { checkWhole } from '../bounds.js';
import { errors } from '../errors.js';
import type { Finding } from '../finding/finding.js';
import { withEdge } from './edge.js';
import { edgeCandidates } from './edge-candidates.js';

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

type Apply = (program: Program) => Program;

/** Tries sets of changes on the program and on the battery. */
class Trials {
  searches = 0;
  stopped = false;
  private readonly before = new Map<Program, ReadonlySet<string>>();

  constructor(
    private readonly finding: Finding,
    private readonly options: RepairOptions,
    private readonly most: number,
  ) {}

  /** @throws LMP-328 the search does not find it in the program as it is */
  async begin(): Promise<void> {
    const ids = await this.baseline(this.options.program);
    if (ids.has(this.finding.id)) return;
    throw errors.fail('LMP-328', {
      message: `expected the search to find ${this.finding.id}, found ${[...ids].join(', ') || 'nothing'}`,
      where: `program ${this.options.program.name}`,
      todo: 'repair with the program, the revision and the bound with which it was found',
    });
  }

  /** @returns why it does not mend, or whether all searches were complete; undefined: no search is left */
  async judge(apply: Apply): Promise<{ readonly because: string } | { readonly complete: boolean } | undefined> {
    let complete = true;
    for (const program of [this.options.program, ...(this.options.battery ?? [])]) {
      const known = await this.baseline(program);
      const verdict = await this.search(apply(program));
      if (verdict === undefined) return undefined;
      complete &&= verdict.complete;
      if (program === this.options.program && verdict.ids.includes(this.finding.id)) {
        return { because: 'the finding stays' };
      }
      const added = verdict.ids.filter((id) => !known.has(id));
      if (added.length > 0) return { because: `new in ${program.name}: ${[...new Set(added)].sort().join(', ')}` };
    }
    return { complete };
  }

  private async baseline(program: Program): Promise<ReadonlySet<string>> {
    const known = this.before.get(program) ?? new Set((await this.search(program))?.ids);
    this.before.set(program, known);
    return known;
  }

  private async search(program: Program): Promise<RepairVerdict | undefined> {
    if (this.searches >= this.most) {
      this.stopped = true;
      return undefined;
    }
    this.searches++;
    return this.options.explore(program);
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
  const { maxRemedies = MAX_REMEDIES, maxEdges = MAX_EDGES, maxSearches = MAX_SEARCHES } = options;
  checkWhole('maxRemedies', maxRemedies, 0);
  checkWhole('maxEdges', maxEdges, 0);
  checkWhole('maxSearches', maxSearches, 1);
  const trials = new Trials(finding, options, maxSearches);
  await trials.begin();
  const rejected: Rejected[] = [];
  const remedies: Mend[] = [];
  const edges: Mend[] = [];

  const attempt = async (what: Omit<Rejected, 'because'>, apply: Apply, mends: Mend[]): Promise<void> => {
    const judged = await trials.judge(apply);
    if (judged === undefined) return;
    if ('because' in judged) rejected.push({ ...what, because: judged.because });
    else mends.push({ ...what, complete: judged.complete });
  };

  for (let size = 1; size <= Math.min(maxRemedies, options.remedies.length) && remedies.length === 0; size++) {
    for (const set of subsets(options.remedies, size)) {
      if (trials.stopped) break;
      const names = set.map(({ name }) => name);
      const apply: Apply = (program) => set.reduce((mended, remedy) => remedy.apply(mended), program);
      await attempt({ remedies: names }, apply, remedies);
    }
  }
  for (const { edge, words } of maxEdges === 0 ? [] : edgeCandidates(options.program, finding, maxEdges)) {
    if (trials.stopped) break;
    await attempt({ remedies: [], edge: words }, (program) => withEdge(program, edge), edges);
  }
  return { finding: finding.id, remedies, edges, rejected, searches: trials.searches, stopped: trials.stopped };
};
