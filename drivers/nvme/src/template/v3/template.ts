// SPDX-License-Identifier: GPL-2.0-only
import {
  checkTemplate,
  in_module,
  kfn,
  type module,
  templateShapeV3,
  type LibV3,
  type mpath_device,
  type mpath_head,
  type mpath_head_template,
  type Steps,
} from '@libmultipath/driver-kit';
import { add_head_cdev, type CdevReference } from '../cdev.js';
import type { AnaStateAccess } from '../../environment/ana-state.js';
import { nvme_cdev_del } from '../../environment/nvme-cdev.js';
import { remove_expired_head } from '../head-removal.js';
import type { NvmeConversion } from '../library.js';
import { make_path_state } from '../path-state.js';
import { make_cdev_ioctl, make_chr_uring } from '../passthrough.js';
import type { IoctlPair } from '../ioctl-pair.js';
import { nvme_mpath_to_ns_head } from './nvme-ns-head.js';
import { nvme_mpath_to_ns } from './nvme-ns.js';

/** Where the callbacks of one template differ from those of another of v3. */
export interface TemplateParts {
  readonly cdev_reference: CdevReference;
  readonly ioctl_pair: IoctlPair<mpath_device>;
  readonly ana_state: AnaStateAccess;
}

/** Kernel: nvme_mpath_remove_head(), NVMe v3, callback `remove_head`. Context: `mpath-wq`, no lock held. */
const make_remove_head = (nvme: () => NvmeConversion) =>
  kfn('nvme_mpath_remove_head', function* (mpath_head: mpath_head): Steps<void> {
    yield* remove_expired_head(nvme(), nvme_mpath_to_ns_head(mpath_head));
  });

/** The module that holds the callback's text. */
const text_of = (mpath_head: mpath_head): module => nvme_mpath_to_ns_head(mpath_head).subsys.core.this_module;

/**
 * What NVMe gives to the library. No `clone_bio`: a bio is sent down as it is and stolen back from a request that
 * failed. Kernel: `mpdt`, NVMe v3.
 */
export const make_template = (lib: LibV3, nvme: () => NvmeConversion, parts: TemplateParts): mpath_head_template => {
  const nvme_mpath_remove_head = make_remove_head(nvme);
  const mpdt: mpath_head_template = {
    ...make_path_state(nvme_mpath_to_ns, parts.ana_state),
    remove_head: (head) => in_module(text_of(head), 'nvme_mpath_remove_head', nvme_mpath_remove_head(head)),
    add_cdev: kfn('nvme_mpath_add_cdev', (head: mpath_head): Steps<number> =>
      add_head_cdev(nvme_mpath_to_ns_head(head), head, lib.mpath_chr_fops, parts.cdev_reference),
    ),
    del_cdev: kfn('nvme_mpath_del_cdev', ({ cdev, cdev_device }: mpath_head): Steps<void> =>
      nvme_cdev_del(cdev, cdev_device),
    ),
    cdev_ioctl: make_cdev_ioctl(nvme_mpath_to_ns),
    ...make_chr_uring(nvme_mpath_to_ns),
    ...parts.ioctl_pair,
  };
  checkTemplate({ ...mpdt }, templateShapeV3);
  return mpdt;
};
