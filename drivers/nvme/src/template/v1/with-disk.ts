// SPDX-License-Identifier: GPL-2.0-only
import type { Steps, v1 } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { template_head } from '../nvme-ns-head.js';
import { head_from } from './nvme-ns-head.js';

/** The library's two objects of a multipath head. */
export interface LibraryPair {
  readonly mpath_disk: v1.mpath_disk;
  readonly mpath_head: v1.mpath_head;
}

const pair_of = (head: template_head): LibraryPair | undefined => {
  const { mpath_disk } = head_from(head);
  const mpath_head = mpath_disk?.mpath_head;
  return mpath_disk === null || mpath_head === undefined || mpath_head === null
    ? undefined
    : { mpath_disk, mpath_head };
};

/** Where the kernel does not test for `mpath_disk`, since only a multipath head gets there. Errors: LMP-202 */
export const has_disk = (head: template_head): LibraryPair => {
  const pair = pair_of(head);
  if (pair !== undefined) return pair;
  throw errors.fail('LMP-202', { message: `${head.label} has no mpath_disk`, todo: 'report this' });
};

/** Where it tests: nothing for a head that is no multipath head. Part of the wrappers of NVMe v1. */
export const with_disk = (body: (pair: LibraryPair) => Steps<void>): ((head: template_head) => Steps<void>) =>
  function* (head) {
    const pair = pair_of(head);
    if (pair !== undefined) yield* body(pair);
  };
