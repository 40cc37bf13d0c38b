// SPDX-License-Identifier: GPL-2.0-only
import type { attribute, attribute_group } from '@libmultipath/driver-kit';
import { ana_attributes, disk_attributes_6_1, disk_attributes_6_9 } from '../environment/attributes.js';
import { identify_nuse, ns_attributes } from '../environment/ns-attributes.js';
import { head_of } from '../environment/nvme-ns.js';
import type { NvmeFeature } from '../features.js';
import { head_attributes, head_diag, type HeadAttribute, type HeadDiag } from './attributes-head.js';
import { path_attributes, path_diag, type PathAttribute, type PathDiag } from './attributes-path.js';
import { on_path } from './head-operations.js';
import { LINKS_GROUP } from './links.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/**
 * What sysfs shows of the disks of one kernel, beside the identifiers. Those are empty on an emulated
 * controller (quirk BOGUS_NID).
 */
export interface AttributeNames {
  /** On head and path alike. */
  readonly disk: readonly string[];
  readonly head: readonly HeadAttribute[];
  readonly path: readonly PathAttribute[];
  /** In the group `diag`; none: no such group. */
  readonly headDiag: readonly HeadDiag[];
  readonly pathDiag: readonly PathDiag[];
  /** Has the head a group `multipath` of links? */
  readonly multipathGroup: boolean;
}

/** What a kernel with these features shows. */
export const attributesOf = (features: ReadonlySet<string>): AttributeNames => {
  const has = (feature: NvmeFeature): boolean => features.has(feature);
  return {
    disk: has('namespace-attributes') ? disk_attributes_6_9 : disk_attributes_6_1,
    head: has('delayed-removal') ? ['delayed_removal_secs'] : [],
    path: has('path-attributes') ? ['queue_depth', 'numa_nodes'] : [],
    headDiag: has('diag-counters') ? ['io_requeue_no_usable_path_count', 'io_fail_no_available_path_count'] : [],
    pathDiag: has('diag-counters') ? ['command_retries_count', 'command_error_count', 'multipath_failover_count'] : [],
    multipathGroup: has('path-attributes'),
  };
};

const made = <N extends string>(names: readonly N[], make: (name: N) => attribute): Record<string, attribute> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));

const named = (name: string, attrs: Record<string, attribute>): attribute_group[] =>
  Object.keys(attrs).length === 0 ? [] : [{ name, attrs }];

/** Kernel: nvme_ns_attr_groups as a head's disk shows them. */
export const head_groups = (head: nvme_ns_head): readonly attribute_group[] => {
  const names = head.parts.attributes;
  return [
    {
      attrs: {
        ...ns_attributes(head, names.disk, () => on_path(head, (ns) => identify_nuse(ns.ctrl, head.ns_id))),
        ...made(names.head, (name) => head_attributes[name](head)),
      },
    },
    ...(names.multipathGroup ? [{ name: LINKS_GROUP, attrs: {} }] : []),
    ...named(
      'diag',
      made(names.headDiag, (name) => head_diag[name](head)),
    ),
  ];
};

/** Kernel: nvme_ns_attr_groups as a path's disk shows them. */
export const path_groups = (ns: nvme_ns): readonly attribute_group[] => {
  const head = head_of(ns);
  const names = head.parts.attributes;
  return [
    {
      attrs: {
        ...ns_attributes(head, names.disk, () => identify_nuse(ns.ctrl, head.ns_id)),
        ...ana_attributes(ns),
        ...made(names.path, (name) => path_attributes[name](ns)),
      },
    },
    ...named(
      'diag',
      made(names.pathDiag, (name) => path_diag[name](ns)),
    ),
  ];
};
