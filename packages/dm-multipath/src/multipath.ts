// SPDX-License-Identifier: GPL-2.0-only
import {
  KObject,
  timer_list,
  work_struct,
  workqueue_struct,
  type bio,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import type { Activate } from './activation.js';
import type { mapped_device } from './mapped-device.js';

/** A path as a table names it. */
export interface DmPath {
  readonly disk: gendisk;
  /** Of its hardware handler; absent: it has none. */
  readonly activate?: Activate;
}

/** Kernel: struct pgpath: one path in one priority group. */
export class pgpath extends KObject {
  is_active = true;
  fail_count = 0;
  /** How often it was activated: each time is a task with a name of its own. */
  activations = 0;
  readonly disk: gendisk;
  readonly activate: Activate | null;

  constructor(
    readonly pg: priority_group,
    path: DmPath,
  ) {
    super();
    this.disk = path.disk;
    this.activate = path.activate ?? null;
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
  readonly queueIfNoPath?: boolean;
  /** Handler that is asked to activate a group before it is used. */
  readonly hwHandler?: string;
  /** A probe on queue_if_no_path_timeout_work(): the waiting is over. */
  readonly timedOut?: () => Steps<void>;
}

/** What the target does later: given by whoever makes it, so that no file needs the other. */
export interface MultipathWorks {
  readonly process: (m: multipath) => Steps<void>;
  readonly timeout: (m: multipath) => Steps<void>;
}

/** Kernel: struct multipath, bio based: the target of one table. */
export class multipath extends KObject {
  readonly priority_groups: priority_group[] = [];
  /** Number of the table among those of its device, from 1: what its tasks are called by. */
  readonly nr: number;
  /** Somebody is inside a critical section of several steps. */
  locked = false;
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
  /** MPATHF_SAVED_QUEUE_IF_NO_PATH: differs from the former only while the table is suspended. */
  saved_queue_if_no_path: boolean;
  /** MPATHF_PG_INIT_REQUIRED. */
  pg_init_required = false;
  /** Activations under way. */
  pg_init_in_progress = 0;
  /** Clones that wait, in order. */
  queued_bios: bio[] = [];
  readonly kmultipathd = new workqueue_struct('kmpathd');
  readonly process_queued_bios: work_struct;
  readonly nopath_timer: timer_list;
  readonly timed_out: (() => Steps<void>) | null;

  constructor(
    readonly md: mapped_device,
    options: MultipathOptions,
    { process, timeout }: MultipathWorks,
  ) {
    super();
    this.nr = ++md.tables;
    this.queue_if_no_path = options.queueIfNoPath ?? false;
    this.saved_queue_if_no_path = this.queue_if_no_path;
    this.hw_handler_name = options.hwHandler ?? null;
    this.timed_out = options.timedOut ?? null;
    this.process_queued_bios = new work_struct(this, () => process(this), 'process_queued_bios');
    this.nopath_timer = new timer_list(this, () => timeout(this), 'nopath_timer');
  }

  /** Name of the table's device. */
  get name(): string {
    return this.md.name;
  }
}
