// SPDX-License-Identifier: GPL-2.0-only
import { srcu_guard } from '../../environment/namespaces-guard.js';
import type { NvmeRemedy } from './remedy.js';

/** Nobody walks the controller's paths when their list becomes one on the remover's stack. */
export const splice_waits_for_srcu_readers: NvmeRemedy = {
  name: 'splice-waits-for-srcu-readers',
  removes: ['LIVE-53a58f'],
  inC: '`nvme_remove_namespaces()` empties `ctrl->namespaces`, calls `synchronize_srcu(&ctrl->srcu)` and only then links the paths to `ns_list`: what `list_splice_init_rcu()` does, whose `sync` takes no argument.',
  apply: (parts) => ({ ...parts, namespaces_guard: (ctrl) => new srcu_guard(ctrl, true) }),
};
