// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_t,
  type device,
  kfree,
  kfn,
  KObject,
  kref,
  kref_put,
  list_head,
  put_disk,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { nvme_put_ctrl } from './ctrl-reference.js';
import type { nvme_ns_ids } from './ns-ids.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_head_base } from './nvme-ns-head-base.js';
import type { NamespaceMedia } from './hardware.js';
import { madeOf } from './registry.js';

/** What Identify says about a namespace. */
export interface nvme_ns_info {
  readonly nsid: number;
  readonly is_shared: boolean;
  readonly capacitySectors: number;
  readonly media: NamespaceMedia;
  readonly ids: nvme_ns_ids;
  readonly anagrpid: number;
  /** There is something to read and write. */
  readonly isReady: boolean;
  /** It is listed, and not there. */
  readonly isRemoved: boolean;
}

/**
 * What core.c knows of struct nvme_ns, one path to a namespace, whoever implements
 * multipath. The class that extends it carries the kernel's name.
 */
export abstract class nvme_ns_base extends KObject {
  /** In `ctrl->namespaces`, ascending by nsid. */
  readonly list = new list_head<nvme_ns_base>(this);
  readonly kref = new kref(this, 1);
  flags = 0;
  ana_state = 0;
  ana_grpid = 0;
  /** Since 7.x: how often a request left it for its head. */
  readonly failover = new atomic_t(this);
  /** Since 7.x: how often a request was tried again in place, and how often one failed for good. */
  readonly retries = new atomic_t(this);
  readonly errors = new atomic_t(this);
  /** Set by nvme_init_ns_head(), before core.c knows the path. */
  abstract head: nvme_ns_head_base | null;
  /** Set once by nvme_alloc_ns(), before anybody else sees the path. */
  private diskSet: gendisk | undefined;
  /** Of a path whose head has no disk: its own character device, `ngXnY`. */
  cdev_device: device | null = null;

  constructor(
    readonly ctrl: nvme_ctrl,
    readonly media: NamespaceMedia,
  ) {
    super();
    madeOf(ctrl.core).paths.push(this);
  }

  get disk(): gendisk {
    if (this.diskSet === undefined) {
      throw errors.fail('LMP-202', {
        message: 'nvme_ns.disk is read before nvme_alloc_ns() has set it',
        todo: 'report this',
      });
    }
    return this.diskSet;
  }

  set disk(disk: gendisk) {
    this.diskSet = disk;
  }
}

/** The path's head: set on every path that core.c knows. Errors: LMP-202 */
export const head_of = <H extends nvme_ns_head_base>(ns: { readonly head: H | null }): H => {
  if (ns.head !== null) return ns.head;
  throw errors.fail('LMP-202', {
    message: 'nvme_ns.head is read before nvme_init_ns_head() has set it',
    todo: 'report this',
  });
};

/** Kernel: nvme_free_ns(), all versions. Context: may sleep. References: drops that on head and controller. */
const nvme_free_ns = kfn('nvme_free_ns', function* (ns: nvme_ns_base): Steps<void> {
  const { head, ctrl } = ns;
  yield* put_disk(ns.disk);
  if (head !== null) yield* ctrl.core.mpath.put_ns_head(head);
  yield* nvme_put_ctrl(ctrl);
  yield* kfree(ns);
});

/** Kernel: nvme_put_ns(), all versions. Context: may sleep. */
export const nvme_put_ns = kfn('nvme_put_ns', function* (ns: nvme_ns_base): Steps<void> {
  yield* kref_put(ns.kref, () => nvme_free_ns(ns));
});
