// SPDX-License-Identifier: GPL-2.0-only
import { ida, KObject, list_head, mutex, type LibV3, type mpath_head_template } from '@libmultipath/driver-kit';
import type { virtio_core } from '../environment/virtio-core.js';
import type { virtio_mpath_head } from './paths-and-heads.js';

/** Static data of the driver's multipath part. */
export class virtio_mpath_globals extends KObject {
  /** Every head that a new path can join. */
  readonly heads = new list_head<virtio_mpath_head>(this);
  /** Over the list, and over "is this the last path?". */
  readonly lock = new mutex(this);
  readonly ida = new ida(this);
  // For who looks at a machine from outside, so no state of the kernel.
  readonly #made: virtio_mpath_head[] = [];

  /** Every head that was made, oldest first, freed or not. */
  get made(): readonly virtio_mpath_head[] {
    return this.#made;
  }

  remember(head: virtio_mpath_head): void {
    this.#made.push(head);
  }
}

/** What every function of the template works with. */
export interface TemplateDriver {
  /** The library that the driver was given: v3, or something made of its parts. */
  readonly lib: LibV3;
  readonly globals: virtio_mpath_globals;
  readonly mpdt: mpath_head_template;
  /** What the template and the driver leave out, as a careless author would: `remove_head`, `drv_module`. */
  readonly without: ReadonlySet<string>;
  /** The driver underneath; known once the machine is made. */
  readonly core: () => virtio_core;
}
