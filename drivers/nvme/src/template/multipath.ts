// SPDX-License-Identifier: GPL-2.0-only
import type { gendisk, LibV3 } from '@libmultipath/driver-kit';
import { nvme_mpath_end_request } from '../environment/accounting.js';
import type { nvme_multipath } from '../environment/multipath-ops.js';
import { nvme_mpath_start_request } from './accounting.js';
import { path_groups } from './attributes.js';
import { nvme_kick_requeue_lists, nvme_mpath_clear_ctrl_paths, revalidate_paths } from './current-path.js';
import { nvme_failover_req } from './failover.js';
import { nvme_mpath_remove_disk } from './head-removal.js';
import { nvme_put_ns_head } from './head-reference.js';
import { nvme_init_ns_head } from './init-head.js';
import { makeTemplate } from './make-template.js';
import { nvme_ns, path_of } from './nvme-ns.js';
import { container_of_head, head_from } from './nvme-ns-head.js';
import { remove_from_head, unlink_ns } from './path-removal.js';
import { subsystem_groups } from './policy.js';
import { nvme_mpath_add_disk } from './set-live.js';

/** NVMe over the library it is given, as core.c sees it: the conversion "nvme: switch to libmultipath", v3. */
export const template_multipath = (lib: LibV3): nvme_multipath => {
  const mpdt = makeTemplate(lib);
  const nsid = (disk: gendisk): number | undefined => {
    const mpath_head = lib.is_mpath_disk(disk) ? lib.mpath_gendisk_to_head(disk) : null;
    return mpath_head === null ? undefined : container_of_head(mpath_head).ns_id;
  };
  return {
    subsystem_groups: (subsys) => subsystem_groups(lib, subsys),
    new_ns: (ctrl, info) => new nvme_ns(ctrl, info.media),
    init_ns_head: (ns, info) => nvme_init_ns_head(lib, mpdt, path_of(ns), info),
    head_disk: (ns) => path_of(ns).head?.mpath_head.disk ?? null,
    revalidate_paths: (ns) => revalidate_paths(lib, path_of(ns)),
    path_groups: (ns) => path_groups(lib, path_of(ns)),
    mpath_add_disk: (ns) => nvme_mpath_add_disk(lib, path_of(ns)),
    unlink_ns: (ns) => unlink_ns(lib, path_of(ns)),
    remove_from_head: (ns) => remove_from_head(lib, path_of(ns)),
    remove_sysfs_link: (ns) => lib.mpath_remove_sysfs_link(path_of(ns).mpath_device),
    remove_disk: (head) => nvme_mpath_remove_disk(lib, head_from(head)),
    put_ns_head: (head) => nvme_put_ns_head(lib, head_from(head)),
    clear_ctrl_paths: (ctrl) => nvme_mpath_clear_ctrl_paths(lib, ctrl),
    kick_requeue_lists: (ctrl) => nvme_kick_requeue_lists(lib, ctrl),
    start_request: (rq) => nvme_mpath_start_request(lib, rq),
    end_request: nvme_mpath_end_request,
    failover_req: (rq) => nvme_failover_req(lib, rq),
    head_nsid: nsid,
  };
};
