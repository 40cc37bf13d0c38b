// SPDX-License-Identifier: GPL-2.0-only
import { num_possible_nodes, nr_node_ids } from '@libmultipath/driver-kit';
import { end_request_6_4, nvme_mpath_end_request } from '../environment/accounting.js';
import { allowed_while_frozen_6_1, refused_while_frozen_6_12 } from '../environment/alloc-ns.js';
import { ana_bounds_6_1, ana_bounds_7_3 } from '../environment/ana-parse.js';
import {
  count_error_7_2,
  count_no_reset_6_1,
  count_nothing_of_path,
  count_reset_7_2,
  count_retry_7_2,
} from '../environment/counters.js';
import { ctrl_attributes_6_1, ctrl_attributes_6_9, ctrl_attributes_7_2 } from '../environment/ctrl-attributes.js';
import { follow_up_requested, follow_up_reread } from '../environment/ctrl-state.js';
import { decide_disposition_6_1, decide_disposition_6_12 } from '../environment/disposition.js';
import { reset_nr_active_6_1, reset_nr_active_6_11 } from '../environment/init-identify.js';
import { rwsem_guard, srcu_guard } from '../environment/namespaces-guard.js';
import { nuse_result_6_9, nuse_result_7_3 } from '../environment/ns-attributes.js';
import type { NvmeEnvironmentParts } from '../environment/parts.js';
import { attach_async, attach_at_once, attach_at_once_6_2, reset_failed_6_1 } from '../environment/pci.js';
import { keep_quiesced_6_1, unquiesce_6_12 } from '../environment/remove-ns.js';
import { reset_failed_6_2 } from '../environment/reset.js';
import { scan_ns_list_async, scan_ns_list_in_order } from '../environment/scan.js';
import { falls_back_always_6_1, falls_back_on_dnr_6_12 } from '../environment/scan-in-order.js';
import { should_reconnect_6_1, should_reconnect_6_12 } from '../environment/tcp.js';
import type { NvmeFeature } from '../features.js';
import { passthrough_6_1, passthrough_6_12, passthrough_7_2 } from '../passthrough/rules.js';
import { count_no_requests, start_request_6_11, start_request_6_4 } from './accounting.js';
import * as alloc from './alloc-head.js';
import { attributesOf } from './attributes.js';
import { available_path_6_1, available_path_6_12, available_path_6_16 } from './available-path.js';
import { add_cdev_6_1, add_cdev_7_2 } from './cdev.js';
import * as failover from './failover.js';
import * as removal from './head-removal.js';
import { chr_operations_6_1, chr_operations_7_2 } from './head-chr.js';
import { head_operations_6_1, head_operations_6_12 } from './head-operations.js';
import * as iopolicy from './iopolicy.js';
import { no_links, nvme_mpath_add_sysfs_link, nvme_mpath_remove_sysfs_link } from './links.js';
import type { MainlineParts } from './parts.js';
import { unlink_head_6_1, unlink_head_7_2 } from './path-removal.js';
import { path_is_disabled_6_1, path_is_disabled_6_8 } from './path-state.js';
import { find_path_6_1, find_path_6_11 } from './select.js';
import {
  no_wait_before_kick,
  update_ns_ana_state_6_1,
  update_ns_ana_state_6_15,
  wait_before_kick_5_3,
} from './set-live.js';
import { count_failed_7_2, count_nothing, count_requeued_7_2, send_to_path_6_1, send_to_path_6_12 } from './submit.js';

export type FeatureSet = ReadonlySet<string>;

/** A part with the feature that brought it. */
type Since<T> = readonly [feature: NvmeFeature, part: T];

/** Of the parts, oldest first, the last one whose feature the kernel has. */
const newest = <T>(features: FeatureSet, oldest: T, ...later: readonly Since<T>[]): T => {
  let part = oldest;
  for (const [feature, since] of later) if (features.has(feature)) part = since;
  return part;
};

const rwsem_namespaces: NvmeEnvironmentParts['namespaces_guard'] = (ctrl) => new rwsem_guard(ctrl);
const srcu_namespaces: NvmeEnvironmentParts['namespaces_guard'] = (ctrl) => new srcu_guard(ctrl);

/** Core and PCI driver of a kernel with these features. */
export const environmentOf = (has: FeatureSet): NvmeEnvironmentParts => ({
  state_follow_up: newest(has, follow_up_reread, ['state-read-once', follow_up_requested]),
  namespaces_guard: newest(has, rwsem_namespaces, ['ctrl-srcu', srcu_namespaces]),
  device_attach: newest(has, attach_at_once, ['probe-goes-live', attach_at_once_6_2], ['async-attach', attach_async]),
  scan_ns_list: newest(has, scan_ns_list_in_order, ['async-scan', scan_ns_list_async]),
  falls_back_to_sequential: newest(has, falls_back_always_6_1, ['sequential-scan-on-dnr', falls_back_on_dnr_6_12]),
  decide_disposition: newest(has, decide_disposition_6_1, ['retries-before-authentication', decide_disposition_6_12]),
  count_retry: newest(has, count_nothing_of_path, ['diag-counters', count_retry_7_2]),
  count_error: newest(has, count_nothing_of_path, ['diag-counters', count_error_7_2]),
  reset_failed: newest(has, reset_failed_6_1, ['probe-goes-live', reset_failed_6_2]),
  should_reconnect: newest(has, should_reconnect_6_1, ['refused-for-good', should_reconnect_6_12]),
  before_scan_ends: newest(has, keep_quiesced_6_1, ['removal-unquiesces', unquiesce_6_12]),
  reset_nr_active: newest(has, reset_nr_active_6_1, ['queue-depth', reset_nr_active_6_11]),
  ana_bounds: newest(has, ana_bounds_6_1, ['ana-log-bounds', ana_bounds_7_3]),
  refused_while_frozen: newest(has, allowed_while_frozen_6_1, ['frozen-refuses-paths', refused_while_frozen_6_12]),
  count_reset: newest(has, count_no_reset_6_1, ['diag-counters', count_reset_7_2]),
  ctrl_attributes: newest(
    has,
    ctrl_attributes_6_1,
    ['namespace-attributes', ctrl_attributes_6_9],
    ['diag-counters', ctrl_attributes_7_2],
  ),
  has_always_on: has.has('multipath-always-on'),
  nuse_result: newest(has, nuse_result_6_9, ['nuse-reports-errors', nuse_result_7_3]),
  ns_cdev_held: has.has('cdev-reference'),
  passthrough: newest(
    has,
    passthrough_6_1,
    ['unprivileged-passthrough', passthrough_6_12],
    ['passthrough-counts', passthrough_7_2],
  ),
});

/** Multipath of a kernel with these features. */
export const partsOf = (has: FeatureSet): MainlineParts => ({
  path_is_disabled: newest(has, path_is_disabled_6_1, ['state-read-once', path_is_disabled_6_8]),
  find_path: newest(has, find_path_6_1, ['queue-depth', find_path_6_11]),
  available_path: newest(
    has,
    available_path_6_1,
    ['disk-live-gates-io', available_path_6_12],
    ['delayed-removal', available_path_6_16],
  ),
  current_path_length: newest(has, num_possible_nodes, ['current-path-by-node-id', nr_node_ids]),
  wait_before_kick: newest(has, no_wait_before_kick, ['set-live-waits-for-readers', wait_before_kick_5_3]),
  send_to_path: newest(has, send_to_path_6_1, ['remapped-bios', send_to_path_6_12]),
  count_requeued: newest(has, count_nothing, ['diag-counters', count_requeued_7_2]),
  count_failed: newest(has, count_nothing, ['diag-counters', count_failed_7_2]),
  start_request: newest(
    has,
    count_no_requests,
    ['head-io-stats', start_request_6_4],
    ['queue-depth', start_request_6_11],
  ),
  end_request: newest(
    has,
    count_no_requests,
    ['head-io-stats', end_request_6_4],
    ['queue-depth', nvme_mpath_end_request],
  ),
  failover_req: newest(
    has,
    failover.failover_req_6_1,
    ['failover-ends-request', failover.failover_req_6_10],
    ['diag-counters', failover.failover_req_7_2],
  ),
  cleared_when_stolen: newest(has, failover.cleared_when_stolen_6_1, [
    'remapped-bios',
    failover.cleared_when_stolen_6_12,
  ]),
  chr_operations: newest(has, chr_operations_6_1, ['cdev-reference', chr_operations_7_2]),
  head_operations: newest(has, head_operations_6_1, ['unprivileged-passthrough', head_operations_6_12]),
  update_ns_ana_state: newest(has, update_ns_ana_state_6_1, ['path-attributes', update_ns_ana_state_6_15]),
  iopolicy_names: newest(has, iopolicy.iopolicy_names_6_1, ['queue-depth', iopolicy.iopolicy_names_6_11]),
  module_iopolicy: newest(has, iopolicy.module_iopolicy_6_1, ['exact-module-iopolicy', iopolicy.module_iopolicy_7_2]),
  iopolicy_store: newest(has, iopolicy.iopolicy_store_6_1, [
    'policy-change-clears-paths',
    iopolicy.iopolicy_store_6_11,
  ]),
  attributes: attributesOf(has),
  add_sysfs_link: newest(has, no_links, ['path-attributes', nvme_mpath_add_sysfs_link]),
  remove_sysfs_link: newest(has, no_links, ['path-attributes', nvme_mpath_remove_sysfs_link]),
  add_cdev: newest(has, add_cdev_6_1, ['cdev-reference', add_cdev_7_2]),
  take_found_head: newest(has, alloc.take_found_head_6_1, ['delayed-removal', alloc.take_found_head_7_2]),
  refuses_unshared: newest(has, alloc.refuses_unshared_6_1, ['delayed-removal', alloc.refuses_unshared_7_2]),
  path_joined: newest(has, removal.path_joined_6_1, ['delayed-removal', removal.path_joined_7_2]),
  disk_made: newest(has, alloc.disk_made_6_1, ['delayed-removal', alloc.disk_made_7_2]),
  unlink_head: newest(has, unlink_head_6_1, ['delayed-removal', unlink_head_7_2]),
  remove_head: newest(has, removal.remove_head_6_16, ['removal-waits-for-readers', removal.remove_head_7_3]),
  remove_disk: newest(
    has,
    removal.shutdown_disk_6_1,
    ['disk-live-gates-io', removal.shutdown_disk_6_12],
    ['delayed-removal', removal.remove_disk_6_16],
  ),
  await_readers: newest(has, removal.leave_readers_6_1, ['failed-probe-waits-for-readers', removal.await_readers_6_12]),
  drop_failed_head: newest(has, removal.drop_failed_head_6_1, ['delayed-removal', removal.drop_failed_head_7_2]),
});
