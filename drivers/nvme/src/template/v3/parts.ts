// SPDX-License-Identifier: GPL-2.0-only
import type { NvmeFeature } from '../../features.js';
import type { LibV3, mpath_device, Steps } from '@libmultipath/driver-kit';
import { plain_ana_state, type AnaStateAccess } from '../../environment/ana-state.js';
import { srcu_guard, type NamespacesGuard } from '../../environment/namespaces-guard.js';
import type { nvme_ctrl } from '../../environment/nvme-ctrl.js';
import { holds_nothing, type CdevReference } from '../cdev.js';
import { ioctl_holds_controller, type IoctlPair } from '../ioctl-pair.js';
import { private_data_as_ns_head, type HeadOfDiag } from './diag.js';
import { nvme_put_ns_head } from '../head-reference.js';
import type { NvmeConversion } from '../library.js';
import type { template_ns } from '../nvme-ns.js';
import { unlink_ns } from '../path-removal.js';
import { nvme_free_ns_head } from './free-ns-head.js';
import type { nvme_ns_head } from './nvme-ns-head.js';
import { nvme_mpath_to_ns } from './nvme-ns.js';

/** What NVMe v3 is made of where a remedy of the driver's own may put something else in its place. */
export interface V3Parts {
  /** Features of 7.2 that 7.2-rc1 has not, and no remedy gives. */
  readonly base_without: readonly NvmeFeature[];
  /** The head whose counters the attributes under `diag/` show. */
  readonly head_of_diag: HeadOfDiag;
  /** What the head's character device holds. */
  readonly cdev_reference: (lib: LibV3, free: (head: nvme_ns_head) => Steps<void>) => CdevReference;
  /** What keeps a path while an ioctl of its controller runs outside of the read section. */
  readonly ioctl_pair: IoctlPair<mpath_device>;
  /** What the path's access state is until its ANA state is known; zeroed memory means OPTIMIZED. */
  readonly initial_access_state: (dev: mpath_device) => Steps<void>;
  /** How `ns->ana_state` is read and stored. */
  readonly ana_state: AnaStateAccess;
  /** Error path of nvme_alloc_ns(): the path leaves its head. */
  readonly unlink_ns: (nvme: NvmeConversion, ns: template_ns) => Steps<void>;
  /** What protects the paths of a controller. */
  readonly namespaces_guard: (ctrl: nvme_ctrl) => NamespacesGuard;
  /** What the last put of a head does. */
  readonly free_ns_head: (lib: LibV3, head: nvme_ns_head) => Steps<void>;
}

/** The posted conversion: 3 July 2026. */
export const v3Parts: V3Parts = {
  // That the device holds its head came after, and so did the wait in a probe that fails.
  base_without: ['cdev-reference', 'failed-probe-waits-for-readers'],
  head_of_diag: private_data_as_ns_head,
  cdev_reference: () => holds_nothing,
  ioctl_pair: ioctl_holds_controller(nvme_mpath_to_ns),
  *initial_access_state() {},
  ana_state: plain_ana_state,
  namespaces_guard: (ctrl) => new srcu_guard(ctrl),
  unlink_ns: (nvme, ns) => unlink_ns(nvme, ns, nvme_put_ns_head),
  free_ns_head: nvme_free_ns_head,
};
