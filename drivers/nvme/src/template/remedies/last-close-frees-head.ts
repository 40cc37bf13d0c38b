// SPDX-License-Identifier: GPL-2.0-only
import {
  __module_get,
  ida_free,
  kfn,
  kfree,
  module_put,
  queue_work,
  system_unbound_wq,
  work_struct,
  type LibV3,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_put_subsystem } from '../../environment/nvme-subsystem.js';
import type { nvme_ns_head } from '../v3/nvme-ns-head.js';
import type { NvmeRemedy } from './remedy.js';

/** Waits for the openers where nobody waits for it; the number is free when the head is, as on 7.3. Context: a work. */
const nvme_free_ns_head_work = kfn('nvme_free_ns_head_work', function* (lib: LibV3, head: nvme_ns_head): Steps<void> {
  const { subsys } = head;
  const { this_module } = subsys.core;
  yield* lib.mpath_put_disk(head.mpath_head);
  yield* lib.mpath_head_uninit(head.mpath_head);
  yield* ida_free(subsys.ns_ida, head.instance);
  yield* nvme_put_subsystem(subsys);
  yield* kfree(head);
  yield* module_put(this_module);
});

/** The last put of a head does not wait: whoever removes a path comes back, and the last close frees the head. */
export const last_close_frees_head: NvmeRemedy = {
  name: 'last-close-frees-head',
  removes: ['HANG-115ffb'],
  inC: '`nvme_free_ns_head()` takes a reference on the module and queues a work, and that work does what it did: `mpath_put_disk()`, `mpath_head_uninit()`, then `ida_free()` and the rest.',
  apply: (parts) => ({
    ...parts,
    free_ns_head: kfn('nvme_free_ns_head', function* (lib: LibV3, head: nvme_ns_head): Steps<void> {
      yield* __module_get(head.subsys.core.this_module);
      yield* queue_work(
        system_unbound_wq(),
        new work_struct(head, () => nvme_free_ns_head_work(lib, head), 'free_work'),
      );
    }),
  }),
};
