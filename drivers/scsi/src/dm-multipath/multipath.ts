// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list,
  KObject,
  spinlock_t,
  work_struct,
  workqueue_struct,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_device } from '../environment/scsi-device.js';

/** Kernel: struct pgpath: one path in one priority group. */
export class pgpath extends KObject {
  is_active = true;
  fail_count = 0;
  /** How often it was activated: each time is a task with a name of its own. */
  activations = 0;

  constructor(
    readonly pg: priority_group,
    readonly sdev: scsi_device,
    /** The path's disk. */
    readonly disk: gendisk,
  ) {
    super();
  }
}

/** Kernel: struct priority_group, with a round-robin selector that changes paths with each bio. */
export class priority_group extends KObject {
  bypassed = false;
  readonly pgpaths: pgpath[] = [];
  /** Paths that may be chosen, the next one first. Kernel: struct selector of dm-round-robin. */
  readonly valid_paths: pgpath[] = [];

  constructor(
    readonly m: multipath,
    /** From 1. */
    readonly pg_num: number,
  ) {
    super(m);
  }
}

export interface MultipathOptions {
  /** Name of the table's device. */
  readonly name: string;
  readonly queueIfNoPath?: boolean;
  /** Handler that is asked to activate a group before it is used. */
  readonly hwHandler?: 'alua';
}

/** Kernel: struct multipath, bio based: the target of one table. */
export class multipath extends KObject {
  readonly priority_groups: priority_group[] = [];
  readonly lock = new spinlock_t(this);
  readonly name: string;
  readonly hw_handler_name: string | null;
  current_pgpath: pgpath | null = null;
  current_pg: priority_group | null = null;
  /** Group that a message asked for. */
  next_pg: priority_group | null = null;
  nr_valid_paths = 0;
  /** MPATHF_QUEUE_IO: everything waits for an activation. */
  queue_io = false;
  /** MPATHF_QUEUE_IF_NO_PATH. */
  queue_if_no_path: boolean;
  /** MPATHF_PG_INIT_REQUIRED. */
  pg_init_required = false;
  /** Activations under way. */
  pg_init_in_progress = 0;
  readonly queued_bios = new bio_list(this);
  readonly kmultipathd = new workqueue_struct('kmpathd');
  readonly process_queued_bios: work_struct;

  constructor(options: MultipathOptions, process: (m: multipath) => Steps<void>) {
    super();
    this.name = options.name;
    this.queue_if_no_path = options.queueIfNoPath ?? false;
    this.hw_handler_name = options.hwHandler ?? null;
    this.process_queued_bios = new work_struct(this, () => process(this), 'process_queued_bios');
  }
}
