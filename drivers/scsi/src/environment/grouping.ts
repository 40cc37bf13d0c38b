// SPDX-License-Identifier: GPL-2.0-only
import { groupingKey } from './vpd-lun-id.js';
import type { VpdPage } from './vpd-walk.js';

/**
 * Which devices would be paths of one head, by their pages 0x83: positions, in order. A device without an
 * identity is alone. Whether a kernel multipaths them at all is another question.
 */
export const groupsOf = (pages: readonly (VpdPage | null)[]): readonly (readonly number[])[] => {
  const groups: number[][] = [];
  const known = new Map<string, number[]>();
  for (const [position, page] of pages.entries()) {
    const key = groupingKey(page);
    const group = key === undefined ? undefined : known.get(key);
    if (group !== undefined) {
      group.push(position);
      continue;
    }
    const fresh = [position];
    groups.push(fresh);
    if (key !== undefined) known.set(key, fresh);
  }
  return groups;
};
