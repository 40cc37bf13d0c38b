// SPDX-License-Identifier: GPL-2.0-only
import type { Property } from '@libmultipath/kernel';

const BLOCK = /\/block\/[^/]+$/;

/** What user space is told of a disk alternates: it is added, removed, and perhaps added again. */
export const disksAlternate: Property = {
  name: 'add and remove of a disk alternate',
  class: 'stale-state',
  check: ({ uevents }) => {
    const present = new Map<string, boolean>();
    for (const { action, path } of uevents) {
      if (!BLOCK.test(path) || (action !== 'add' && action !== 'remove')) continue;
      const isAdd = action === 'add';
      if ((present.get(path) ?? false) === isAdd) return `${path} is ${isAdd ? 'added' : 'removed'} twice in a row`;
      present.set(path, isAdd);
    }
    return undefined;
  },
};
