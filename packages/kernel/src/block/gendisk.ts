// SPDX-License-Identifier: GPL-2.0-only
import { device } from '../device/device.js';
import { mutex } from '../locks/mutex.js';
import type { module } from '../module/module.js';
import { checkPointer } from '../memory/check.js';
import { KObject } from '../object.js';
import { singleNode } from '../topology.js';
import type { Named } from '../printk/printk.js';
import type { StepOptions, Steps } from '../step.js';
import type { bio } from './bio.js';

/** Flag of `gendisk.flags`: no device node, no partitions, not to be opened. */
export const GENHD_FL_HIDDEN = 1 << 3;
/** Bits of `gendisk.state`. */
export const GD_NEED_PART_SCAN = 0;
export const GD_READ_ONLY = 1;
export const GD_DEAD = 2;
export const GD_NATIVE_CAPACITY = 3;
export const GD_ADDED = 4;
export const GD_SUPPRESS_PART_SCAN = 5;
export const GD_OWNS_QUEUE = 6;

/** Kernel: struct block_device_operations. */
export interface block_device_operations {
  readonly owner?: module | null;
  /** Bio based disks: takes the bio over. */
  readonly submit_bio?: (bio: bio) => Steps<void>;
  /**
   * Request based disks: takes the bio over, in the submitter's context. The queue is
   * entered during the call; what stays in flight takes a use of its own (blk_queue_get).
   */
  readonly queue_bio?: (bio: bio) => Steps<void>;
  readonly open?: (disk: gendisk) => Steps<number>;
  readonly release?: (disk: gendisk) => Steps<void>;
  readonly ioctl?: (bdev: block_device, cmd: number, arg: unknown) => Steps<number>;
  readonly free_disk?: (disk: gendisk) => Steps<void>;
}

/** Kernel: struct request_queue, as far as entering and freezing goes. */
export class request_queue extends KObject {
  /** Uses: bios in a submit function, and requests in flight. */
  usage = 0;
  /** Above zero nobody may enter. */
  mq_freeze_depth = 0;
  /** The disk died: who waits to enter gets an error. Follows GD_DEAD. */
  dying = false;
  readonly #enterOptions: StepOptions = {
    ordering: 'acquire',
    enabled: () => this.mq_freeze_depth === 0 || this.dying || this.alloc.freedAt !== undefined,
  };
  readonly #drainOptions: StepOptions = {
    ordering: 'full',
    enabled: () => this.usage === 0 || this.alloc.freedAt !== undefined,
  };

  get enterOptions(): StepOptions {
    return this.#enterOptions;
  }

  get drainOptions(): StepOptions {
    return this.#drainOptions;
  }
}

/** Kernel: struct block_device of the whole disk. */
export class block_device extends KObject {
  /** Capacity in sectors of 512 bytes. */
  bd_nr_sectors = 0;
  bd_openers = 0;
  /** Can it be found by its number: from device_add_disk() to del_gendisk(). */
  hashed = false;

  constructor(readonly bd_disk: gendisk) {
    super(bd_disk);
  }
}

/** What somebody who holds the disk open as a whole (a file system) is told. */
export interface blk_holder_ops {
  /** The disk is going: `surprise` means that I/O fails already. */
  readonly mark_dead: (disk: gendisk, surprise: boolean) => Steps<void>;
}

/** Kernel: struct gendisk. */
export class gendisk extends KObject implements Named {
  readonly queue: request_queue;
  readonly part0: block_device;
  readonly open_mutex: mutex;
  readonly device: device;
  flags = 0;
  state = 0;
  fops: block_device_operations = {};
  private_data: KObject | null = null;
  holder: blk_holder_ops | null = null;

  constructor(
    disk_name = '',
    readonly node_id: number = singleNode.nodes[0] ?? 0,
  ) {
    super();
    this.queue = new request_queue(this);
    this.part0 = new block_device(this);
    this.open_mutex = new mutex(this);
    this.device = new device(disk_name, null, this);
    this.device.subsystem = 'block';
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
