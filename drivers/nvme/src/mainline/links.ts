// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  GD_ADDED,
  kfn,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  srcu_read_lock,
  srcu_read_unlock,
  sysfs_add_link_to_group,
  sysfs_remove_link_from_group,
  test_and_set_bit,
  test_bit,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_NS_SYSFS_ATTR_LINK } from '../environment/constants.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** The head's group that path links go into. */
export const LINKS_GROUP = 'multipath';

/** No links before 6.15. */
export function* no_links(): Steps<void> {}

/**
 * Links every path whose disk is there and that has no link yet, whoever calls.
 * Kernel: nvme_mpath_add_sysfs_link(), 7.2 and 7.3. Context: may sleep, no lock held.
 */
export const nvme_mpath_add_sysfs_link = kfn('nvme_mpath_add_sysfs_link', function* (head: nvme_ns_head): Steps<void> {
  const { disk } = head;
  if (disk === null || !(yield* test_bit(GD_ADDED, disk, 'state'))) return;
  const { kobj } = disk.device;
  const srcu_idx = yield* srcu_read_lock(head.srcu);
  for (
    let ns = yield* list_first_or_null_rcu(head.list);
    ns !== null;
    ns = yield* list_next_or_null_rcu(head.list, ns.siblings)
  ) {
    if (!(yield* test_bit(GD_ADDED, ns.disk, 'state'))) continue;
    if (yield* test_and_set_bit(NVME_NS_SYSFS_ATTR_LINK, ns, 'flags')) continue;
    const target = ns.disk.device;
    const rc = yield* sysfs_add_link_to_group(kobj, LINKS_GROUP, target.kobj, target.name);
    if (rc !== 0) yield* clear_bit(NVME_NS_SYSFS_ATTR_LINK, ns, 'flags');
  }
  yield* srcu_read_unlock(head.srcu, srcu_idx);
});

/** Kernel: nvme_mpath_remove_sysfs_link(), 7.2 and 7.3. Context: may sleep, before the path's disk goes. */
export const nvme_mpath_remove_sysfs_link = kfn('nvme_mpath_remove_sysfs_link', function* (ns: nvme_ns): Steps<void> {
  const { disk } = head_of(ns);
  if (disk === null || !(yield* test_bit(NVME_NS_SYSFS_ATTR_LINK, ns, 'flags'))) return;
  yield* sysfs_remove_link_from_group(disk.device.kobj, LINKS_GROUP, ns.disk.disk_name);
  yield* clear_bit(NVME_NS_SYSFS_ATTR_LINK, ns, 'flags');
});
