// SPDX-License-Identifier: GPL-2.0-only
import { mpath_iopolicy, type HeadView } from '@libmultipath/core';
import {
  bio,
  device,
  KObject,
  kref,
  module,
  mutex,
  type bio_list,
  type cdev,
  type gendisk,
  type spinlock_t,
} from '@libmultipath/kernel';
import type { PlainLibrary } from './library.js';

/** Bits of `plain_path.flags`. */
export const PLAIN_PATH_READY = 0;
export const PLAIN_PATH_DEAD = 1;
export const PLAIN_PATH_NONOPTIMIZED = 2;

/** How a command ends that the hardware was told to fail. */
export type PlainError = 'path-error' | 'target-error';

/** A place where a path may be found, and what the hardware there does next. */
export class plain_slot extends KObject {
  /** As the kernel's device lock: held by who binds and who unbinds. */
  readonly lock = new mutex(this);
  path: plain_path | null = null;
  /** Errors that the next commands end with. */
  readonly errors: PlainError[] = [];
  /** How often it was found: disks of each time have names of their own. */
  times = 0;

  constructor(
    readonly index: number,
    readonly node: number,
  ) {
    super();
  }
}

/** A bio with content. */
export class plain_bio extends bio {
  data = '';
}

/** Static data of the driver. */
export class plain_core extends KObject {
  readonly this_module: module;
  /** Held around what finds or unlinks the head. */
  readonly lock = new mutex(this);
  /** The head that a new path joins. */
  head: plain_head | null = null;
  readonly policy = new mpath_iopolicy(this);
  readonly parent: device;
  /** What the medium holds, by sector. */
  readonly blocks = new Map<number, string>();
  readonly slots: readonly plain_slot[];
  /** Size of the namespace in sectors. */
  sectors: number;
  minors = 0;
  heads = 0;
  /** Every head and every path that was made: for observers. */
  readonly made: plain_head[] = [];
  readonly paths: plain_path[] = [];

  constructor(
    readonly lib: PlainLibrary,
    slots: readonly plain_slot[],
    sectors: number,
    /** False: a namespace that is not shared, for which the driver wants no disk. */
    readonly shared: boolean,
    /** What the template leaves out, or the driver forgets. */
    readonly without: ReadonlySet<string>,
  ) {
    super();
    this.this_module = new module('plain');
    this.parent = new device('plain', null, this);
    this.slots = slots;
    this.sectors = sectors;
  }
}

/** What the library keeps of a head, in whatever objects the revision has. */
export interface PlainHandle {
  /** The library's head, as far as a driver may touch it in every revision. */
  readonly head: KObject & {
    readonly requeue_lock: spinlock_t;
    readonly requeue_list: bio_list;
    readonly cdev: cdev;
    readonly cdev_device: device;
  };
  /** All that is on the heap because of it. */
  readonly memory: readonly KObject[];
  disk(): gendisk | null;
  view(): HeadView;
}

/** The driver's head: one reference for each path, one for the disk. */
export class plain_head extends KObject {
  readonly ref = new kref(this, 1);
  /** Set before anybody can find the head. */
  handle: PlainHandle | null = null;
  /** Under `plain_core.lock`: somebody removes it. */
  removed = false;

  constructor(readonly core: plain_core) {
    super();
    core.made.push(this);
  }
}

/** The library's part, there from the allocation on. */
export const handle_of = ({ handle }: plain_head): PlainHandle => {
  if (handle === null) throw new Error('a head is found before it has its library part');
  return handle;
};

/** One path, with the library's device embedded. */
export class plain_path extends KObject {
  readonly ref = new kref(this, 1);
  flags = 0;
  head: plain_head | null = null;
  disk: gendisk | null = null;
  readonly mpath_device: KObject;

  constructor(
    readonly core: plain_core,
    readonly slot: plain_slot,
  ) {
    super();
    this.mpath_device = core.lib.new_device(this);
    core.paths.push(this);
  }
}
