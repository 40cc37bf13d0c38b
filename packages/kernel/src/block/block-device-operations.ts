// SPDX-License-Identifier: GPL-2.0-only
import type { module } from '../module/module.js';
import type { Steps } from '../step.js';
import type { bio } from './bio.js';
import type { block_device, gendisk } from './gendisk.js';

/** Kernel: blk_mode_t: how a block device is open. */
export type blk_mode_t = number;
export const BLK_OPEN_READ = 1 << 0;
export const BLK_OPEN_WRITE = 1 << 1;
export const BLK_OPEN_EXCL = 1 << 2;
export const BLK_OPEN_NDELAY = 1 << 3;
/** A failed partition scan fails the open. */
export const BLK_OPEN_STRICT_SCAN = 1 << 5;

/** Kernel: struct hd_geometry. */
export interface hd_geometry {
  heads: number;
  sectors: number;
  cylinders: number;
  /** First sector of the partition. */
  start: number;
}

/** Kernel: struct blk_zone, as far as the model looks. Sectors of 512 bytes. */
export interface blk_zone {
  readonly start: number;
  readonly len: number;
  readonly wp: number;
}

/** Kernel: struct blk_report_zones_args: called for each zone; a negative result ends the report. */
export interface blk_report_zones_args {
  readonly cb: (zone: blk_zone, idx: number) => Steps<number>;
}

/** Kernel: enum blk_unique_id. */
export type blk_unique_id = 1 | 2 | 3;
export const BLK_UID_T10: blk_unique_id = 1;
export const BLK_UID_EUI64: blk_unique_id = 2;
export const BLK_UID_NAA: blk_unique_id = 3;

/** Kernel: struct pr_keys; the method fills it. */
export interface pr_keys {
  generation: number;
  /** How many keys the device has, also beyond the room for them. */
  num_keys: number;
  readonly keys: number[];
}

/** Kernel: struct pr_held_reservation; the method fills it. */
export interface pr_held_reservation {
  key: number;
  generation: number;
  type: number;
}

/** Kernel: struct pr_ops. Keys and types are numbers; each returns 0, a positive status of the device, or -errno. */
export interface pr_ops {
  readonly pr_register?: (bdev: block_device, old_key: number, new_key: number, flags: number) => Steps<number>;
  readonly pr_reserve?: (bdev: block_device, key: number, type: number, flags: number) => Steps<number>;
  readonly pr_release?: (bdev: block_device, key: number, type: number) => Steps<number>;
  readonly pr_preempt?: (
    bdev: block_device,
    old_key: number,
    new_key: number,
    type: number,
    abort: boolean,
  ) => Steps<number>;
  readonly pr_clear?: (bdev: block_device, key: number) => Steps<number>;
  readonly pr_read_keys?: (bdev: block_device, keys: pr_keys) => Steps<number>;
  readonly pr_read_reservation?: (bdev: block_device, rsv: pr_held_reservation) => Steps<number>;
}

type Ioctl = (bdev: block_device, mode: blk_mode_t, cmd: number, arg: unknown) => Steps<number>;

/** Kernel: struct block_device_operations. */
export interface block_device_operations {
  readonly owner?: module | null;
  /** Bio based disks: takes the bio over. */
  readonly submit_bio?: (bio: bio) => Steps<void>;
  /**
   * Request based disks: takes the bio over, in the submitter's context, split to the
   * queue's limits. The queue is entered during the call; what stays in flight takes a use
   * of its own (blk_queue_get).
   */
  readonly queue_bio?: (bio: bio) => Steps<void>;
  /** Under `open_mutex`, for each open. @returns 0 or -errno */
  readonly open?: (disk: gendisk, mode: blk_mode_t) => Steps<number>;
  /** Under `open_mutex`, for each close. */
  readonly release?: (disk: gendisk) => Steps<void>;
  readonly ioctl?: Ioctl;
  /** Of a caller with 32 bits. Mostly blkdev_compat_ptr_ioctl(). */
  readonly compat_ioctl?: Ioctl;
  /** @returns the number of zones, or -errno */
  readonly report_zones?: (
    disk: gendisk,
    sector: number,
    nr_zones: number,
    args: blk_report_zones_args,
  ) => Steps<number>;
  /** Fills `geo`; `start` is set already. @returns 0 or -errno */
  readonly getgeo?: (disk: gendisk, geo: hd_geometry) => Steps<number>;
  /** Writes up to 16 bytes into `id`. @returns how many, or -errno */
  readonly get_unique_id?: (disk: gendisk, id: number[], type: blk_unique_id) => Steps<number>;
  readonly pr_ops?: pr_ops;
  /** Of a disk that was added once, at the last reference. */
  readonly free_disk?: (disk: gendisk) => Steps<void>;
}
