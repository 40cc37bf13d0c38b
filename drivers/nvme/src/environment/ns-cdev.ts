// SPDX-License-Identifier: GPL-2.0-only
import { device, device_add, device_del, kfn, kref_get, put_device, type Steps } from '@libmultipath/driver-kit';
import { nvme_put_ns, type nvme_ns_base } from './nvme-ns.js';

/**
 * A path whose head has no disk has a character device of its own, named after the controller.
 * Kernel: nvme_add_ns_cdev(), all versions. Context: may sleep.
 * References: since 7.2 the device holds one on the path until its release.
 */
export const nvme_add_ns_cdev = kfn('nvme_add_ns_cdev', function* (ns: nvme_ns_base): Steps<void> {
  const { ctrl, head } = ns;
  const name = `ng${String(ctrl.instance)}n${String(head?.instance)}`;
  const own = new device(name, ctrl.device, ns);
  const held = ctrl.core.parts.ns_cdev_held;
  if (held) {
    yield* kref_get(ns.kref);
    own.release = () => nvme_put_ns(ns);
  }
  if ((yield* device_add(own)) === 0) ns.cdev_device = own;
  else if (held) yield* nvme_put_ns(ns);
});

/** Kernel: nvme_cdev_del(), all versions. Context: may sleep. */
export const nvme_ns_cdev_del = kfn('nvme_ns_cdev_del', function* (ns: nvme_ns_base): Steps<void> {
  const { cdev_device } = ns;
  if (cdev_device === null) return;
  yield* device_del(cdev_device);
  yield* put_device(cdev_device);
});
