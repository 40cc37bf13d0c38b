// SPDX-License-Identifier: GPL-2.0-only
import { stateDigest, type Program } from '@libmultipath/kernel';
import { shareBelow, shareDone } from '../estimate/share.js';
import { meetsStates } from '../bounds.js';
import type { ExploreOptions } from '../exploration.js';
import { exploreBy } from '../explore.js';
import type { Search } from '../search.js';
import { ROOT, type MetState, type UnitDraft, type UnitProgress, type UnitResult, type WorkUnit } from './work-unit.js';
import { freezePrefix } from './frozen-prefix.js';
import { handOver, leaveHere } from './hand-over.js';
import { restoreNode, tasksOf } from './saved-node.js';
import { pathText, traceOf } from './unit-path.js';

export interface UnitRules {
  /** New and replayed steps after which the unit is left, between two runs. */
  readonly steps: number;
  /** Go on beyond settle points too: the unit shares no states with others. */
  readonly alone: boolean;
  /** Asked now and then; true ends the unit in the middle of a run. */
  readonly stop: () => boolean;
  /** Steps between two words about how far it is. */
  readonly tellSteps: number;
  readonly tell?: ((progress: UnitProgress) => void) | undefined;
}

/** The clock of a unit shows 1 when it is to stop: the search asks it now and then. */
const clockOf = (stop: () => boolean): Pick<ExploreOptions, 'now' | 'timeMs'> => {
  let asked = false;
  return {
    timeMs: 1,
    now: () => {
      // The first answer is the origin.
      const late = asked && stop();
      asked = true;
      return late ? 1 : 0;
    },
  };
};

/**
 * Explores one unit of a program, as far as its steps last: the same result wherever and
 * whenever it is done. Each new state at a settle point is left to a unit of its own, so
 * that units share what they have seen without talking to each other.
 * @throws LMP-301, LMP-302, LMP-305 as `explore`
 */
export const runUnit = (program: Program, options: ExploreOptions, unit: WorkUnit, rules: UnitRules): UnitResult => {
  const digest = options.digest ?? stateDigest;
  let named: string | undefined;
  let base = 0;
  let left = false;
  let done = 1;
  let rest: readonly UnitDraft[] = [];
  const met: MetState[] = [];
  const claimed: string[] = [];
  let limited = false;
  let begun: Search | undefined;
  let told = 0;
  const found = exploreBy(
    program,
    {
      ...options,
      digest: (machine, extra) => (named = digest(machine, extra)),
      maxExecutions: Number.MAX_SAFE_INTEGER,
      ...clockOf(rules.stop),
    },
    {
      begin: (search) => {
        begun = search;
        const { path } = search.frontier;
        path.reserve(Math.max(0, ...unit.nodes.map(tasksOf)));
        base = freezePrefix(program, unit, path);
        for (const [index, node] of unit.nodes.entries()) restoreNode(path.at(base + index), node);
        const known = base + unit.nodes.length;
        search.resume(unit.nodes.length > 0 ? known - 1 : base, known);
      },
      elsewhere: (search, _machine, task, preemptions) => {
        const { depth, frontier } = search;
        if (options.memo === false || named === undefined) return false;
        const key = `${named} ${String(preemptions)} ${task.name}`;
        if (rules.alone || frontier.path.at(depth).branches > 1) {
          claimed.push(key);
          return false;
        }
        const length = depth + 1;
        const share = unit.share * shareBelow(search, depth);
        const { path } = frontier;
        met.push({
          key,
          unit: { path: pathText(path, length), trace: traceOf(path, length), preemptions, nodes: [], share },
        });
        return true;
      },
      goOn: (search, stats, findings) => {
        limited = search.limited;
        const steps = search.steps + search.replayedSteps;
        if (steps < rules.steps) {
          if (rules.tell === undefined || steps - told < rules.tellSteps) return true;
          told = steps;
          done = shareDone(search);
          const { path, leaves } = search.frontier;
          const onward = { path, base, leaves, preemptions: unit.preemptions, share: unit.share * (1 - done) };
          const here = { met: [...met], claimed: [...claimed], rest: [leaveHere(onward)], limited };
          rules.tell({ stats: stats(), done, saved: { ...here, found: findings() } });
          return true;
        }
        left = true;
        done = shareDone(search);
        const { path, leaves } = search.frontier;
        const share = unit.share * (1 - done);
        const onward = { path, base, leaves, preemptions: unit.preemptions, share };
        // Parts do not share states between settle points, so such a search stays in one.
        rest = meetsStates(options) ? [leaveHere(onward)] : handOver(onward);
        return false;
      },
    },
  );
  limited = begun?.limited ?? false;
  if (!found.complete) return { found, end: 'stopped', met: [], claimed: [], rest: [], limited };
  return { found, end: left ? 'left' : 'done', met, claimed, rest, limited };
};

/** Everything that follows from the start of a program. */
export const isRoot = (unit: WorkUnit): boolean => unit.id === ROOT.id;
