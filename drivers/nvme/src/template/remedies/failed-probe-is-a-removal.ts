// SPDX-License-Identifier: GPL-2.0-only
import { clear_bit } from '@libmultipath/driver-kit';
import { NVME_NS_READY } from '../../environment/constants.js';
import { head_of } from '../../environment/nvme-ns.js';
import { nvme_put_ns_head } from '../head-reference.js';
import { nvme_mpath_remove_disk } from '../head-removal.js';
import { remove_from_head } from '../path-removal.js';
import type { NvmeRemedy } from './remedy.js';

/** A path that joined and whose probe fails leaves as any other does, and a head that was told to wait goes on waiting. */
export const failed_probe_is_a_removal: NvmeRemedy = {
  name: 'failed-probe-is-a-removal',
  removes: [
    'use after free of the path, by whoever stood on it when its probe failed',
    'a disk in the system whose head is gone',
  ],
  inC: 'The error path of `nvme_alloc_ns()` clears `NVME_NS_READY`, takes the path off its head as `nvme_ns_remove()` does, grace periods and all, and calls `nvme_mpath_remove_disk()` where it was the last one.',
  apply: (parts) => ({
    ...parts,
    *unlink_ns(nvme, ns) {
      const head = head_of(ns);
      yield* clear_bit(NVME_NS_READY, ns, 'flags');
      const last_path = yield* remove_from_head(nvme, ns);
      if (last_path) yield* nvme_mpath_remove_disk(nvme, head);
      yield* nvme_put_ns_head(nvme, head);
    },
  }),
};
