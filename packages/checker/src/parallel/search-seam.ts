// SPDX-License-Identifier: GPL-2.0-only
import type { Machine, Task } from '@libmultipath/kernel';
import type { Findings, SearchStats } from '../exploration.js';
import type { Search } from '../search.js';

/** Where other parts of this package take hold of a search. No part of the public interface. */
export interface SearchSeam {
  /** Before the first run. */
  begin?(search: Search): void;
  /**
   * A settle point is about to be passed whose state this search has not met before.
   * `preemptions`: those spent. True: what follows is explored by somebody else.
   */
  elsewhere?(search: Search, machine: Machine, task: Task, preemptions: number): boolean;
  /** Between two runs. False: what is left is left, in {@link Search.frontier}. */
  goOn?(search: Search, stats: () => SearchStats, findings: () => Findings): boolean;
}
