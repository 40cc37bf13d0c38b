// SPDX-License-Identifier: GPL-2.0-only
import { load, type Steps, type v1 } from '@libmultipath/driver-kit';
import { madeBy } from '../../environment/made-by.js';
import { errors } from '../../errors.js';
import { template_head } from '../nvme-ns-head.js';

/** Kernel: struct nvme_ns_head, NVMe v1: it points to the library's disk, and that to the library's head. */
export class nvme_ns_head extends template_head {
  /** Null: no multipath. Set by nvme_mpath_alloc_disk(), before anybody else sees the head. */
  mpath_disk: v1.mpath_disk | null = null;
  /** Paths, with multipath or without. Under `subsys->lock`. */
  ns_count = 0;
}

/** A head of this revision. */
export const head_from = madeBy(nvme_ns_head, 'head of NVMe v1');

/** `head->mpath_disk->mpath_head`; null: no multipath. Pure: neither changes. */
export const mpath_head_of = (head: template_head): v1.mpath_head | null =>
  head_from(head).mpath_disk?.mpath_head ?? null;

/**
 * `mpath_head->drvdata`: a pointer and nothing more. Nobody holds the driver's head for the library's, which
 * openers keep longer.
 */
export function* drvdata_of(mpath_head: v1.mpath_head): Steps<nvme_ns_head> {
  const drvdata = yield* load(mpath_head, 'drvdata');
  if (drvdata instanceof nvme_ns_head) return drvdata;
  throw errors.fail('LMP-202', { message: `${mpath_head.label} belongs to no nvme_ns_head`, todo: 'report this' });
}
