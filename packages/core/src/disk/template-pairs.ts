// SPDX-License-Identifier: GPL-2.0-only

/** The members of a template that come in pairs, since v2. */
export interface template_pairs {
  readonly add_cdev?: unknown;
  readonly del_cdev?: unknown;
  readonly cdev_ioctl?: unknown;
  readonly ioctl_begin?: unknown;
  readonly ioctl_finish?: unknown;
}

const has = (callback: unknown): boolean => callback !== undefined;

/** Half a pair of callbacks. Part of `mpath_alloc_head_disk()`, patches 02, 06, 07 and 11 of v2 and v3. */
export const has_half_a_pair = ({
  add_cdev,
  del_cdev,
  cdev_ioctl,
  ioctl_begin,
  ioctl_finish,
}: template_pairs): boolean =>
  has(ioctl_begin) !== has(ioctl_finish) || has(add_cdev) !== has(del_cdev) || has(add_cdev) !== has(cdev_ioctl);
