// SPDX-License-Identifier: GPL-2.0-only
import { mpath_device, mpath_iopolicy, type LibV3, type mpath_head } from '@libmultipath/core';
import {
  atomic_t,
  bio,
  currentMachine,
  device,
  kref,
  KObject,
  module,
  mutex,
  type gendisk,
  type Machine,
  type Steps,
} from '@libmultipath/kernel';
import type { TemplateV3 } from '../template/template-types.js';
import { library_session } from './session.js';

/** A bio of a few sectors with content. */
export class data_bio extends bio {
  /** What a write carries, and what a read brought; empty where nothing was written. */
  data = '';
}

/** What the device holds, by sector: the same over every path. */
export class library_media extends KObject {
  readonly blocks = new Map<number, string>();

  constructor(public sectors: number) {
    super();
  }
}

/**
 * One path of a driver that is written with `defineLibraryDriver`: `struct mpath_device`, and what
 * the driver adds in a class of its own. In C it would be embedded.
 */
export abstract class library_path extends mpath_device {
  /** Commands under way, of this path alone: what queue-depth compares. */
  readonly in_flight = new atomic_t(this);
  /** Where it stands. Set before anybody else can see the path. */
  slot: library_slot | null = null;
  /** The path's own hidden disk. */
  own_disk: gendisk | null = null;
}

/** A place that a path may stand in, as a slot of a bus. */
export class library_slot extends KObject {
  /** Kernel: device_lock(): probe and remove of one place exclude each other. */
  readonly lock = new mutex(this);
  path: library_path | null = null;

  constructor(
    readonly host: library_host,
    readonly slotLabel: string,
    readonly number: number,
    readonly node: number,
  ) {
    super(host);
  }
}

/** The driver's head: the library's is embedded. Freed with its last reference: one for the disk, one for each path. */
export class library_head extends KObject {
  readonly mpath_head: mpath_head;
  readonly ref = new kref(this, 1);

  constructor(readonly host: library_host) {
    super();
    this.mpath_head = new host.lib.mpath_head(this);
  }
}

/** What a driver does when a path comes, goes, fails or recovers. */
export interface LibraryProtocol {
  readonly probe: (host: library_host, path: library_path) => Steps<number>;
  readonly remove: (host: library_host, path: library_path) => Steps<void>;
  readonly set_usable: (host: library_host, path: library_path, usable: boolean) => Steps<void>;
  readonly new_path: () => library_path;
}

/** One device with its paths, and the driver's module: the model world of a library driver. */
export class library_host extends KObject {
  /** Guards `head` and who joins or leaves it. */
  readonly lock = new mutex(this);
  readonly dev: device;
  readonly iopolicy = new mpath_iopolicy(this);
  readonly this_module: module;
  readonly media: library_media;
  readonly slots: readonly library_slot[];
  /** Heads made and not freed, oldest first: for observers. */
  readonly heads: library_head[] = [];
  /** The head that a path joins; null: the next path makes one. */
  head: library_head | null = null;
  /** Number of the next head's disk. */
  instance = 0;
  /** What a scenario has introduced. */
  readonly session = new library_session(this);
  /** The driver leaves `drv_module` unset, for a shape of the battery that asks for it. */
  readonly forgetsModule: boolean;
  readonly #machine: Machine;

  constructor(
    readonly driverName: string,
    readonly lib: LibV3,
    readonly mpdt: TemplateV3,
    readonly protocol: LibraryProtocol,
    options: LibraryHostOptions,
  ) {
    super();
    this.dev = new device(driverName, null, this);
    this.#machine = currentMachine();
    this.this_module = new module(driverName);
    this.media = new library_media(options.sectors);
    this.slots = options.slots.map(({ label, node }, number) => new library_slot(this, label, number, node));
    this.forgetsModule = options.forgetsModule ?? false;
    this.#machine.globals.set(driverName, this);
  }

  /** For observers: no state of the kernel. */
  get machine(): Machine {
    return this.#machine;
  }
}

export interface LibraryHostOptions {
  readonly sectors: number;
  readonly slots: readonly { readonly label: string; readonly node: number }[];
  readonly forgetsModule?: boolean;
}
