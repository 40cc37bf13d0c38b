// SPDX-License-Identifier: GPL-2.0-only
import type { attribute, attribute_group } from '@libmultipath/driver-kit';
import {
  ana_attributes,
  counter_attribute,
  disk_attributes_6_9,
  queue_depth_attribute,
} from '../environment/attributes.js';
import { identify_nuse, ns_attributes } from '../environment/ns-attributes.js';
import { head_of } from '../environment/nvme-ns.js';
import type { NvmeConversion } from './library.js';
import type { template_head } from './nvme-ns-head.js';
import type { template_ns } from './nvme-ns.js';
import { mpath_iopolicy_of } from './policy.js';

/*
 * What sysfs shows of the disks: a conversion keeps every attribute of its base.
 */

const diag = (attrs: Readonly<Record<string, attribute>>): attribute_group[] =>
  Object.keys(attrs).length === 0 ? [] : [{ name: 'diag', attrs }];

/** Kernel: nvme_ns_attr_groups as a head's disk shows them, NVMe v1 to v3. */
export const head_groups = (nvme: NvmeConversion, head: template_head): readonly attribute_group[] => {
  const delayed_removal_secs: attribute = {
    mode: 0o644,
    show: () => nvme.delayed_removal_secs_show(head),
    store: (buf) => nvme.delayed_removal_secs_store(head, buf),
  };
  return [
    { attrs: { ...ns_attributes(head, disk_attributes_6_9, () => nvme.head_nuse(head)), delayed_removal_secs } },
    nvme.attr_group,
    ...diag(nvme.head_diag(head)),
  ];
};

/** Kernel: queue_depth_show(), NVMe v1 to v3. */
const queue_depth = (nvme: NvmeConversion, ns: template_ns): attribute =>
  queue_depth_attribute(ns.ctrl, () => nvme.qd_iopolicy(mpath_iopolicy_of(head_of(ns).subsys)));

/** Kernel: nvme_ns_attr_groups as a path's disk shows them, NVMe v1 to v3. */
export const path_groups = (nvme: NvmeConversion, ns: template_ns): readonly attribute_group[] => [
  {
    attrs: {
      ...ns_attributes(head_of(ns), disk_attributes_6_9, () => identify_nuse(ns.ctrl, head_of(ns).ns_id)),
      ...ana_attributes(ns, nvme.ana_state),
      queue_depth: queue_depth(nvme, ns),
      numa_nodes: { mode: 0o444, show: () => nvme.numa_nodes_show(ns) },
    },
  },
  ...diag(
    nvme.features.has('diag-counters')
      ? {
          command_retries_count: counter_attribute(ns.retries),
          command_error_count: counter_attribute(ns.errors),
          multipath_failover_count: counter_attribute(ns.failover),
        }
      : {},
  ),
];
