// SPDX-License-Identifier: GPL-2.0-only
import type { cdev, device, file_operations, Steps } from '@libmultipath/driver-kit';
import { nvme_cdev_add } from '../environment/nvme-cdev.js';
import type { template_head } from './nvme-ns-head.js';

/** The character device as the library's head has it. */
export interface HeadCdev {
  readonly cdev: cdev;
  readonly cdev_device: device;
}

/** What the character device of a head holds while it exists. */
export interface CdevReference {
  take(head: template_head): Steps<void>;
  drop(head: template_head): Steps<void>;
}

function* nothing(): Steps<void> {}

/** Nothing, as posted in all three: the last close of a head that has gone finds its memory freed. */
export const holds_nothing: CdevReference = { take: nothing, drop: nothing };

/**
 * Body of nvme_mpath_add_cdev(), callback `add_cdev`, NVMe v1 to v3. Context: may sleep, no lock held.
 * @param fops the library's, which count openers in the library
 * @returns 0 or -errno
 */
export function* add_head_cdev(
  head: template_head,
  { cdev, cdev_device }: HeadCdev,
  fops: file_operations,
  reference: CdevReference = holds_nothing,
): Steps<number> {
  const { subsys, instance } = head;
  cdev_device.parent = subsys.dev;
  const name = `ng${String(subsys.instance)}n${String(instance)}`;
  yield* reference.take(head);
  const error = yield* nvme_cdev_add(subsys.core, name, cdev, cdev_device, fops, () => reference.drop(head));
  if (error !== 0) yield* reference.drop(head);
  return error;
}
