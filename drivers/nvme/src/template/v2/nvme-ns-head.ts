// SPDX-License-Identifier: GPL-2.0-only
import { load, type Steps, type v2 } from '@libmultipath/driver-kit';
import { madeBy } from '../../environment/made-by.js';
import { errors } from '../../errors.js';
import { template_head } from '../nvme-ns-head.js';

/** Kernel: struct nvme_ns_head, NVMe v2: it points to the library's head, which has a count of its own. */
export class nvme_ns_head extends template_head {
  /** Set by nvme_alloc_ns_head(), before anybody else sees the head. */
  mpath_head: v2.mpath_head | null = null;
}

/** A head of this revision. */
export const head_from = madeBy(nvme_ns_head, 'head of NVMe v2');

/** `head->mpath_head`. Pure: it does not change. */
export const mpath_head_of = (head: template_head): v2.mpath_head => {
  const { mpath_head } = head_from(head);
  if (mpath_head !== null) return mpath_head;
  throw errors.fail('LMP-202', { message: `${head.label} has no mpath_head`, todo: 'report this' });
};

/**
 * `mpath_head->drvdata`: a pointer and nothing more. Nobody holds the driver's head for the library's, which
 * openers keep longer.
 */
export function* drvdata_of(mpath_head: v2.mpath_head): Steps<nvme_ns_head> {
  const drvdata = yield* load(mpath_head, 'drvdata');
  if (drvdata instanceof nvme_ns_head) return drvdata;
  throw errors.fail('LMP-202', { message: `${mpath_head.label} belongs to no nvme_ns_head`, todo: 'report this' });
}
