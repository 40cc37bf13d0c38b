// SPDX-License-Identifier: GPL-2.0-only
import type { attribute_group, gendisk, Steps } from '@libmultipath/driver-kit';
import type { virtio_blk } from './virtio-blk.js';

/**
 * What multipath does at the places where probe and removal of a disk call it. Two implement it: the
 * library's template (`template/`), inside the kernel; and dm-multipath with its user space (`oracle/`).
 */
export interface virtio_multipath {
  /** Disks of paths are not for users: no device node, no partitions. */
  readonly hidesPaths: boolean;
  /** virtblk_probe(), before the disk is added: the path joins a head. @returns 0 or -errno */
  init_path(vblk: virtio_blk): Steps<number>;
  /** More attributes of the path's disk. Pure. */
  path_groups(vblk: virtio_blk): readonly attribute_group[];
  /** The disk was added. */
  set_live(vblk: virtio_blk): Steps<void>;
  /** virtblk_remove(), before the disk goes: the path leaves the head. @returns true when it was the last one */
  remove_path(vblk: virtio_blk): Steps<boolean>;
  /** The disk of the path has gone. */
  path_removed(vblk: virtio_blk, last: boolean): Steps<void>;
  /** The device's size has changed. */
  revalidate(vblk: virtio_blk, sectors: number): Steps<void>;
  /** The path's requests fail from now on, or work again. */
  set_usable(vblk: virtio_blk, usable: boolean): Steps<void>;
  /** The multipath disk, as users find it. Pure. */
  head_disk(): gendisk | undefined;
  /** Seconds that I/O may wait without a path; 0: it fails. @returns 0 or -errno */
  set_delayed_removal(seconds: number): Steps<number>;
  /** @param policy `numa` or `round-robin` @returns 0 or -errno */
  set_iopolicy(policy: string): Steps<number>;
}
