// SPDX-License-Identifier: GPL-2.0-only

/** Books of one step of the path, to be undone. */
export class Mark {
  sumA = 0;
  sumB = 0;
  log = 0;
  tasks = 0;
  /** Task that takes the step, what it knew before, and how many steps it had taken. */
  task = -1;
  knewA = 0;
  knewB = 0;
  taken = 0;
  /** Allocations made before the step. */
  allocated = 0;
}

/** The step in which an allocation was made, of the first `depth` steps; undefined: before them all. */
export const markOf = (marks: readonly Mark[], depth: number, allocation: number): Mark | undefined => {
  let low = 0;
  let high = depth;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.allocated ?? Infinity) < allocation) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
};
