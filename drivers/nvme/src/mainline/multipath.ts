// SPDX-License-Identifier: GPL-2.0-only
import { E } from '@libmultipath/driver-kit';
import type { nvme_multipath } from '../environment/multipath-ops.js';
import { head_of } from '../environment/nvme-ns.js';
import { nvme_init_ns_head } from './alloc-head.js';
import { path_groups } from './attributes.js';
import { nvme_mpath_clear_ctrl_paths, nvme_mpath_revalidate_paths } from './current-path.js';
import { nvme_put_ns_head } from './head-reference.js';
import { open_head_chr } from './head-chr.js';
import { nvme_set_iopolicy, subsystem_groups } from './iopolicy.js';
import { head_from, nvme_ns_head } from './nvme-ns-head.js';
import { nvme_ns, path_of } from './nvme-ns.js';
import type { MainlineParts } from './parts.js';
import { remove_from_head, unlink_ns } from './path-removal.js';
import { nvme_kick_requeue_lists } from './requeue.js';
import { nvme_mpath_add_disk } from './set-live.js';

/** Native multipath of the kernel that the parts describe, as core.c sees it. */
export const mainline_multipath = (parts: MainlineParts): nvme_multipath => ({
  subsystem_groups: (subsys) => subsystem_groups(subsys, parts),
  iopolicy_names: parts.iopolicy_names,
  *set_module_iopolicy(core, val) {
    return nvme_set_iopolicy(core, parts, val);
  },
  new_ns: (ctrl, info) => new nvme_ns(ctrl, info.media),
  init_ns_head: (ns, info) => nvme_init_ns_head(path_of(ns), info, parts),
  head_disk: (ns) => path_of(ns).head?.disk ?? null,
  revalidate_paths: (ns) => nvme_mpath_revalidate_paths(head_of(path_of(ns))),
  path_groups: (ns) => path_groups(path_of(ns)),
  mpath_add_disk: (ns, anagrpid) => nvme_mpath_add_disk(path_of(ns), anagrpid),
  update_ns_ana_state: (ns, desc) => parts.update_ns_ana_state(path_of(ns), desc),
  unlink_ns: (ns) => unlink_ns(path_of(ns)),
  remove_from_head: (ns) => remove_from_head(path_of(ns)),
  remove_sysfs_link: (ns) => parts.remove_sysfs_link(path_of(ns)),
  remove_disk: (head) => parts.remove_disk(head_from(head)),
  put_ns_head: (head) => nvme_put_ns_head(head_from(head)),
  clear_ctrl_paths: nvme_mpath_clear_ctrl_paths,
  kick_requeue_lists: nvme_kick_requeue_lists,
  start_request: parts.start_request,
  end_request: parts.end_request,
  failover_req: parts.failover_req,
  disk_of: (head) => head_from(head).disk,
  *open_chr({ private_data }, mode) {
    return private_data instanceof nvme_ns_head ? yield* open_head_chr(private_data, mode) : -E.ENXIO;
  },
  head_nsid: ({ private_data }) => (private_data instanceof nvme_ns_head ? private_data.ns_id : undefined),
});
