// SPDX-License-Identifier: GPL-2.0-only
import type { Property } from '@libmultipath/kernel';
import { disksAlternate } from './alternating-disks.js';
import { cachedPathsAreListed } from './cached-paths.js';
import { removedPathsAreNotChosen } from './chosen-paths.js';
import { nothingParkedForEver, type HeadsOf } from './parked-bios.js';

/** Everything that must hold of the heads of a program, whoever implements multipath. */
export const libraryProperties = (of: HeadsOf): readonly Property[] => [
  nothingParkedForEver(of),
  cachedPathsAreListed(of),
  removedPathsAreNotChosen,
  disksAlternate,
];
