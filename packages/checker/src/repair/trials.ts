// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { errors } from '../errors.js';
import type { Finding } from '../finding/finding.js';
import { traceRun } from '../finding/run-trace.js';
import { Follower } from '../follower.js';
import type { Mend, RepairOptions, RepairVerdict } from './repair.js';

const STAYS = 'the finding stays';

/** A set of changes to try. */
export interface Attempt {
  readonly what: Omit<Mend, 'complete'>;
  readonly apply: (program: Program) => Program;
}

/** What became of an attempt, and how many searches it took, of those that no other had taken. */
export interface Judged extends Attempt {
  readonly judgement: { readonly because: string } | { readonly complete: boolean };
  readonly cost: number;
}

/** Tries sets of changes on the program and on the battery. */
export class Trials {
  private readonly before = new Map<Program, ReadonlySet<string>>();
  private readonly programs: readonly Program[];

  constructor(
    private readonly finding: Finding,
    private readonly options: RepairOptions,
  ) {
    this.programs = [options.program, ...(options.battery ?? [])];
  }

  /**
   * Searches each program as it is.
   * @returns how many searches it took
   * @throws LMP-328 the search does not find it in the program as it is
   */
  async begin(): Promise<number> {
    const verdicts = await Promise.all(this.programs.map(async (program) => this.options.explore(program)));
    for (const [index, { ids }] of verdicts.entries()) {
      const program = this.programs[index];
      if (program !== undefined) this.before.set(program, new Set(ids));
    }
    const ids = this.before.get(this.options.program);
    if (ids?.has(this.finding.id) === true) return verdicts.length;
    throw errors.fail('LMP-328', {
      message: `expected the search to find ${this.finding.id}, found ${[...(ids ?? [])].join(', ') || 'nothing'}`,
      where: `program ${this.options.program.name}`,
      todo: 'repair with the program, the revision and the bound with which it was found',
    });
  }

  /** Says why the set does not mend, or whether all searches were complete. */
  async judge(attempt: Attempt): Promise<Judged> {
    let complete = true;
    let cost = 0;
    for (const program of this.programs) {
      const changed = attempt.apply(program);
      // The schedule that shows it is a search of one run: most sets are told by it.
      if (program === this.options.program && this.stillShows(changed)) {
        return { ...attempt, judgement: { because: STAYS }, cost };
      }
      cost++;
      const verdict = await this.options.explore(changed);
      complete &&= verdict.complete;
      const because = this.reason(program, verdict);
      if (because !== undefined) return { ...attempt, judgement: { because }, cost };
    }
    return { ...attempt, judgement: { complete }, cost };
  }

  /** The finding's own schedule goes through the changed code as it is, and shows it. */
  private stillShows(program: Program): boolean {
    const { id, schedule } = this.finding;
    try {
      return traceRun(program, new Follower(schedule, program.name)).occurrences.some((one) => one.id === id);
    } catch {
      // It leads elsewhere now: the search will tell.
      return false;
    }
  }

  private reason(program: Program, { ids }: RepairVerdict): string | undefined {
    if (program === this.options.program && ids.includes(this.finding.id)) return STAYS;
    const added = ids.filter((id) => this.before.get(program)?.has(id) !== true);
    return added.length === 0 ? undefined : `new in ${program.name}: ${[...new Set(added)].sort().join(', ')}`;
  }
}
