// SPDX-License-Identifier: GPL-2.0-only
import { nvme_mpath_end_request } from '../environment/accounting.js';
import { follow_up_requested, follow_up_reread } from '../environment/ctrl-state.js';
import { rwsem_guard, srcu_guard } from '../environment/namespaces-guard.js';
import type { NvmeEnvironmentParts } from '../environment/parts.js';
import { attach_async, attach_at_once } from '../environment/pci.js';
import { scan_ns_list_async, scan_ns_list_in_order } from '../environment/scan.js';
import { count_no_requests, start_request_6_11 } from './accounting.js';
import {
  disk_made_6_1,
  disk_made_7_2,
  refuses_unshared_6_1,
  refuses_unshared_7_2,
  take_found_head_6_1,
  take_found_head_7_2,
} from './alloc-head.js';
import { attributes_6_1, attributes_7_2 } from './attributes.js';
import { available_path_6_1, available_path_7_3 } from './available-path.js';
import { add_cdev_6_1, add_cdev_7_2 } from './cdev.js';
import { failover_req_6_1, failover_req_7_2 } from './failover.js';
import {
  drop_failed_head_6_1,
  drop_failed_head_7_2,
  path_joined_6_1,
  path_joined_7_2,
  remove_disk_7_3,
  shutdown_disk_6_1,
} from './head-removal.js';
import { iopolicy_names_6_1, iopolicy_names_6_11, iopolicy_store_6_1, iopolicy_store_6_11 } from './iopolicy.js';
import { no_links, nvme_mpath_add_sysfs_link, nvme_mpath_remove_sysfs_link } from './links.js';
import type { MainlineParts } from './parts.js';
import { unlink_head_6_1, unlink_head_7_2 } from './path-removal.js';
import { path_is_disabled_6_1, path_is_disabled_7_3 } from './path-state.js';
import { find_path_6_1, find_path_7_3 } from './select.js';
import { count_failed_7_2, count_nothing, count_requeued_7_2, send_to_path_6_1, send_to_path_7_3 } from './submit.js';

/** One kernel: its environment and its multipath. */
export interface MainlineProfile {
  readonly name: string;
  readonly environment: NvmeEnvironmentParts;
  readonly parts: MainlineParts;
}

const environment_6_1: NvmeEnvironmentParts = {
  state_follow_up: follow_up_reread,
  namespaces_guard: (ctrl) => new rwsem_guard(ctrl),
  device_attach: attach_at_once,
  scan_ns_list: scan_ns_list_in_order,
};

/** Also what the library's template stands on: no released kernel has it, 7.3 is the nearest. */
export const environment_7_3: NvmeEnvironmentParts = {
  state_follow_up: follow_up_requested,
  namespaces_guard: (ctrl) => new srcu_guard(ctrl),
  device_attach: attach_async,
  scan_ns_list: scan_ns_list_async,
};

export const profile_6_1: MainlineProfile = {
  name: '6.1',
  environment: environment_6_1,
  parts: {
    path_is_disabled: path_is_disabled_6_1,
    find_path: find_path_6_1,
    available_path: available_path_6_1,
    send_to_path: send_to_path_6_1,
    count_requeued: count_nothing,
    count_failed: count_nothing,
    start_request: count_no_requests,
    end_request: count_no_requests,
    failover_req: failover_req_6_1,
    iopolicy_names: iopolicy_names_6_1,
    iopolicy_store: iopolicy_store_6_1,
    attributes: attributes_6_1,
    add_sysfs_link: no_links,
    remove_sysfs_link: no_links,
    add_cdev: add_cdev_6_1,
    take_found_head: take_found_head_6_1,
    refuses_unshared: refuses_unshared_6_1,
    path_joined: path_joined_6_1,
    disk_made: disk_made_6_1,
    unlink_head: unlink_head_6_1,
    remove_disk: shutdown_disk_6_1,
    drop_failed_head: drop_failed_head_6_1,
  },
};

export const profile_7_3: MainlineProfile = {
  name: '7.3',
  environment: environment_7_3,
  parts: {
    path_is_disabled: path_is_disabled_7_3,
    find_path: find_path_7_3,
    available_path: available_path_7_3,
    send_to_path: send_to_path_7_3,
    count_requeued: count_requeued_7_2,
    count_failed: count_failed_7_2,
    start_request: start_request_6_11,
    end_request: nvme_mpath_end_request,
    failover_req: failover_req_7_2,
    iopolicy_names: iopolicy_names_6_11,
    iopolicy_store: iopolicy_store_6_11,
    attributes: attributes_7_2,
    add_sysfs_link: nvme_mpath_add_sysfs_link,
    remove_sysfs_link: nvme_mpath_remove_sysfs_link,
    add_cdev: add_cdev_7_2,
    take_found_head: take_found_head_7_2,
    refuses_unshared: refuses_unshared_7_2,
    path_joined: path_joined_7_2,
    disk_made: disk_made_7_2,
    unlink_head: unlink_head_7_2,
    remove_disk: remove_disk_7_3,
    drop_failed_head: drop_failed_head_7_2,
  },
};
