// SPDX-License-Identifier: GPL-2.0-only
import { ida_free, kfn, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { leave_ns_head, release_ns_head } from '../v3/free-ns-head.js';
import type { nvme_ns_head } from '../v3/nvme-ns-head.js';
import type { NvmeRemedy } from './remedy.js';

function* release_with_number(head: nvme_ns_head): Steps<void> {
  yield* ida_free(head.subsys.ns_ida, head.instance);
  yield* release_ns_head(head);
}

/** No other disk gets the name of one that somebody has open. */
export const number_goes_with_head: NvmeRemedy = {
  name: 'number-goes-with-head',
  removes: ['the next head takes the name of one that is still open'],
  inC: '`nvme_free_ns_head()` calls `ida_free()` in what it gives to `mpath_head_uninit()` as `release`, not before.',
  apply: (parts) => ({
    ...parts,
    free_ns_head: kfn('nvme_free_ns_head', function* (lib: LibV3, head: nvme_ns_head): Steps<void> {
      yield* lib.mpath_put_disk(head.mpath_head);
      yield* leave_ns_head(lib, head, release_with_number(head));
    }),
  }),
};
