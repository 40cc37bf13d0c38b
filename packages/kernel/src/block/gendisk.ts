// SPDX-License-Identifier: GPL-2.0-only
import { device } from '../device/device.js';
import { mutex } from '../locks/mutex.js';
import { checkPointer } from '../memory/check.js';
import { KObject } from '../object.js';
import { singleNode } from '../topology.js';
import type { Named } from '../printk/printk.js';
import type { Steps } from '../step.js';
import { address_space } from './address-space.js';
import type { block_device_operations } from './block-device-operations.js';
import { request_queue } from './request-queue.js';

/** Flags of `gendisk.flags`. */
export const GENHD_FL_REMOVABLE = 1 << 0;
/** No device node, no partitions, not to be opened. */
export const GENHD_FL_HIDDEN = 1 << 1;
export const GENHD_FL_NO_PART = 1 << 2;
/** Bits of `gendisk.state`. */
export const GD_NEED_PART_SCAN = 0;
export const GD_READ_ONLY = 1;
export const GD_DEAD = 2;
export const GD_NATIVE_CAPACITY = 3;
export const GD_ADDED = 4;
export const GD_SUPPRESS_PART_SCAN = 5;
export const GD_OWNS_QUEUE = 6;

/** What somebody who claims a block device (a file system) is told. */
export interface blk_holder_ops {
  /**
   * The disk is going: `surprise` means that I/O fails already; else it is still taken, until
   * this returns. Called with `bd_holder_lock` held, which it gives back.
   */
  readonly mark_dead?: (bdev: block_device, surprise: boolean) => Steps<void>;
  /** Writes back; the same about the lock. */
  readonly sync?: (bdev: block_device) => Steps<void>;
}

/** Kernel: struct block_device: the whole disk (number 0, part of its gendisk's memory) or a partition. */
export class block_device extends KObject implements Named {
  /** Capacity in sectors of 512 bytes. */
  bd_nr_sectors: number;
  bd_openers = 0;
  /** Can it be found by its number: the whole disk from device_add_disk() to del_gendisk(). */
  hashed = false;
  bd_holder: object | null = null;
  bd_holders = 0;
  bd_holder_ops: blk_holder_ops | null = null;
  readonly bd_holder_lock: mutex;
  /** What buffered reads and writes of the device file have cached. */
  readonly bd_mapping: address_space;
  private readonly own_device: device | null;

  constructor(
    readonly bd_disk: gendisk,
    readonly bd_partno = 0,
    readonly bd_start_sect = 0,
    sectors = 0,
  ) {
    super(bd_partno === 0 ? bd_disk : undefined);
    this.bd_nr_sectors = sectors;
    this.bd_holder_lock = new mutex(this);
    this.bd_mapping = new address_space(this);
    this.own_device = bd_partno === 0 ? null : new device(partitionName(bd_disk.disk_name, bd_partno), null, this);
    if (this.own_device !== null) this.own_device.subsystem = 'block';
  }

  get bd_device(): device {
    return this.own_device ?? this.bd_disk.device;
  }

  get printName(): string {
    return this.bd_device.printName;
  }
}

/** Kernel: the name of a partition: a `p` between, where the disk's name ends in a digit. */
const partitionName = (disk: string, partno: number): string =>
  `${disk}${/\d$/.test(disk) ? 'p' : ''}${String(partno)}`;

/** Kernel: bdev_is_partition(). Pure. */
export const bdev_is_partition = (bdev: block_device): boolean => bdev.bd_partno !== 0;

/** One partition as a table on the medium says, in sectors of 512 bytes. */
export interface partition_entry {
  readonly partno: number;
  readonly start: number;
  readonly sectors: number;
}

/** Kernel: struct gendisk. */
export class gendisk extends KObject implements Named {
  readonly queue: request_queue;
  readonly part0: block_device;
  readonly open_mutex: mutex;
  readonly device: device;
  flags = 0;
  state = 0;
  /** Partitions that are open; `open_mutex` protects it. */
  open_partitions = 0;
  /** The partitions, by number from 1. */
  readonly part_tbl = new Map<number, block_device>();
  /** What is found when the partition table is read: the environment's, as the data on the medium is. */
  partition_table: readonly partition_entry[] = [];
  fops: block_device_operations = {};
  private_data: KObject | null = null;

  constructor(
    disk_name = '',
    readonly node_id: number = singleNode.nodes[0] ?? 0,
    /** A queue that is older than the disk and outlives it; absent: one of its own. */
    queue?: request_queue,
  ) {
    super();
    this.queue = queue ?? new request_queue(this);
    this.device = new device(disk_name, null, this);
    this.device.subsystem = 'block';
    this.part0 = new block_device(this);
    this.open_mutex = new mutex(this);
  }

  get disk_name(): string {
    return this.device.name;
  }

  set disk_name(name: string) {
    this.device.name = name;
  }

  get printName(): string {
    return this.device.printName;
  }
}

/** Kernel: disk_to_dev(). Pure; NULL is an oops. */
export const disk_to_dev = (disk: gendisk | null): device => checkPointer(disk, 'part0').device;
