// SPDX-License-Identifier: GPL-2.0-only
import { device, E, filp_open } from '@libmultipath/driver-kit';
import { nvme_mpath_end_request } from '../environment/accounting.js';
import { nvme_iopolicy_names } from '../environment/constants.js';
import type { nvme_multipath } from '../environment/multipath-ops.js';
import { nvme_mpath_start_request } from './accounting.js';
import { path_groups } from './attributes.js';
import { nvme_kick_requeue_lists, nvme_mpath_clear_ctrl_paths } from './current-path.js';
import { nvme_failover_req } from './failover.js';
import { nvme_put_ns_head } from './head-reference.js';
import { nvme_mpath_remove_disk } from './head-removal.js';
import { nvme_init_ns_head } from './init-head.js';
import type { NvmeConversion } from './library.js';
import { nvme_set_iopolicy } from './module-parameter.js';
import { head_from } from './nvme-ns-head.js';
import { path_of } from './nvme-ns.js';
import { head_of } from '../environment/nvme-ns.js';
import { remove_from_head } from './path-removal.js';
import { subsystem_groups } from './policy.js';
import { nvme_mpath_add_disk, nvme_update_ns_ana_state } from './set-live.js';

/** NVMe over the library, as core.c sees it: one posted conversion. */
export const template_multipath = (nvme: NvmeConversion): nvme_multipath => ({
  subsystem_groups: (subsys) => subsystem_groups(nvme, subsys),
  iopolicy_names: nvme_iopolicy_names,
  set_module_iopolicy: (core, val) => nvme_set_iopolicy(nvme, core, val),
  new_ns: (ctrl, info) => nvme.new_ns(ctrl, info),
  init_ns_head: (ns, info) => nvme_init_ns_head(nvme, path_of(ns), info),
  head_disk: (ns) => {
    const { head } = path_of(ns);
    return head === null ? null : nvme.disk_of(head);
  },
  revalidate_paths: (ns) => nvme.revalidate_paths(head_of(path_of(ns))),
  path_groups: (ns) => path_groups(nvme, path_of(ns)),
  mpath_add_disk: (ns, anagrpid) => nvme_mpath_add_disk(nvme, path_of(ns), anagrpid),
  update_ns_ana_state: (ns, desc) => nvme_update_ns_ana_state(nvme, path_of(ns), desc),
  unlink_ns: (ns) => nvme.unlink_ns(path_of(ns)),
  remove_from_head: (ns) => remove_from_head(nvme, path_of(ns)),
  remove_sysfs_link: (ns) => nvme.remove_sysfs_link(path_of(ns)),
  remove_disk: (head) => nvme_mpath_remove_disk(nvme, head_from(head)),
  put_ns_head: (head) => nvme_put_ns_head(nvme, head_from(head)),
  clear_ctrl_paths: (ctrl) => nvme_mpath_clear_ctrl_paths(nvme, ctrl),
  kick_requeue_lists: (ctrl) => nvme_kick_requeue_lists(nvme, ctrl),
  start_request: (rq) => nvme_mpath_start_request(nvme, rq),
  end_request: nvme_mpath_end_request,
  failover_req: (rq) => nvme_failover_req(nvme, rq),
  disk_of: (head) => nvme.disk_of(head_from(head)),
  *open_chr(disk, mode) {
    const head = nvme.head_of_disk(disk);
    const name = disk.disk_name.replace('nvme', 'ng');
    const node = head?.subsys.dev.kobj.children.get(name)?.container;
    return node instanceof device ? yield* filp_open(node.devt, mode) : -E.ENXIO;
  },
  head_nsid: (disk) => nvme.head_of_disk(disk)?.ns_id,
});
