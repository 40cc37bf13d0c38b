// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_t,
  device,
  KObject,
  kref,
  list_head,
  mpath_iopolicy,
  srcu_struct,
  type LibV3,
  type mpath_device,
  type mpath_head,
} from '@libmultipath/driver-kit';
import type { virtio_blk } from '../environment/virtio-blk.js';
import { errors } from '../errors.js';

/** Bits of `virtio_mpath_path.flags`: its disk is there; it is about to go; a request on it failed. */
export const VIRTIO_PATH_READY = 0;
export const VIRTIO_PATH_REMOVING = 1;
export const VIRTIO_PATH_FAILED = 2;

/** All disks with one serial. One reference for each path and one for the multipath disk. */
export class virtio_mpath_head extends KObject {
  /** In the list of heads. */
  readonly entry = new list_head<virtio_mpath_head>(this);
  readonly ref = new kref(this, 1);
  /** What the library keeps; embedded, so that the memory is one. */
  readonly mpath_head: mpath_head;
  readonly iopolicy = new mpath_iopolicy(this);
  /** A read section for each clone, from its making to its end: see clone-bio.ts. */
  readonly clones = new srcu_struct(this);
  /** Parent of the multipath disk; its name is in the library's messages. */
  readonly dev: device;

  constructor(
    lib: LibV3,
    readonly serial: string,
    readonly index: number,
  ) {
    super();
    this.mpath_head = new lib.mpath_head(this);
    this.dev = new device(`virtio-mpath${String(index)}`, null, this);
  }
}

/** One disk as a path. It lives as long as its disk. */
export class virtio_mpath_path extends KObject {
  readonly mpath_device: mpath_device;
  flags = 0;
  head: virtio_mpath_head | null = null;
  /** Requests in flight, for the policy queue-depth. */
  readonly nr_active = new atomic_t(this);

  constructor(
    lib: LibV3,
    readonly vblk: virtio_blk,
  ) {
    // Part of the memory of the disk's driver data: freed with it.
    super(vblk);
    this.mpath_device = new lib.mpath_device(this);
  }
}

const lost = (object: KObject, what: string): never => {
  throw errors.fail('LMP-292', { message: `${object.label} is no ${what}`, todo: 'report this' });
};

/** container_of() for the head. Pure. Errors: LMP-292. */
export const to_head = (head: mpath_head): virtio_mpath_head =>
  head.container instanceof virtio_mpath_head ? head.container : lost(head, 'part of a virtio_mpath_head');

/** container_of() for a path. Pure. Errors: LMP-292. */
export const to_path = (dev: mpath_device): virtio_mpath_path =>
  dev.container instanceof virtio_mpath_path ? dev.container : lost(dev, 'part of a virtio_mpath_path');

/** The path that a disk is. Set before anybody finds the disk, so reading it is no step. Errors: LMP-292. */
export const path_of = (vblk: virtio_blk): virtio_mpath_path =>
  vblk.path instanceof virtio_mpath_path ? vblk.path : lost(vblk, 'path');

/** The head of a path that has joined one. Errors: LMP-292. */
export const head_of = (path: virtio_mpath_path): virtio_mpath_head => path.head ?? lost(path, 'path of a head');
