// SPDX-License-Identifier: GPL-2.0-only
import type { Property } from '@libmultipath/kernel';
import { chosenInRemoval } from './removal-watch.js';

/**
 * A removal disables its path, clears it from the cache and waits: whoever looks for a path from then on
 * must not find this one. A section that began before may choose it, disabled and out of the cache, which is how
 * mainline does it, and no finding.
 */
export const removedPathsAreNotChosen: Property = {
  name: 'no path is chosen after the removal protocol has cleared it and waited',
  class: 'wrong-path',
  check: (machine) => {
    const [first] = chosenInRemoval(machine).wrong;
    if (first === undefined) return undefined;
    // What an id is made from comes first: who chose is no other defect.
    return `a path is chosen after its removal had cleared it and waited: ${first.by} chose ${first.path.label} in a read section that began then`;
  },
};
