// SPDX-License-Identifier: GPL-2.0-only
import { device, ida, KObject, list_head, mpath_iopolicy, mutex, type attribute_group } from '@libmultipath/driver-kit';
import type { LibraryHead, ScsiLibrary } from './library.js';
import type { TemplateParts } from './parts.js';
import type { scsi_mpath_head } from './scsi-mpath-head.js';
import type { sd_mpath_disk } from './sd/sd-mpath-disk.js';

/** Parameter `multipath` of scsi_mod. */
export type MultipathMode = 'off' | 'on' | 'always';

/** Static data of scsi_multipath.c and of what it adds to sd.c. */
export class scsi_mpath_globals extends KObject {
  /** Set when the module is loaded, read-only after. */
  multipath: MultipathMode = 'off';
  /** Parameter `multipath_iopolicy`: what a new head begins with. */
  readonly multipath_iopolicy = new mpath_iopolicy(this);
  readonly scsi_mpath_heads_list = new list_head<scsi_mpath_head>(this);
  readonly scsi_mpath_heads_lock = new mutex(this);
  readonly scsi_multipath_dev_ida = new ida(this);
  /** Directories of the two classes: their devices have no parent of their own. */
  readonly scsi_mpath_device_class = new device('virtual/scsi_mpath_device', null, this);
  readonly scsi_mpath_disk_class = new device('virtual/scsi_mpath_disk', null, this);
  readonly sd_mpath_disks_list = new list_head<sd_mpath_disk>(this);
  readonly sd_mpath_disks_lock = new mutex(this);
}

/** What a revision calls things, and which attributes it has. */
export interface Naming {
  /** Attribute of the identification. */
  readonly id: string;
  /** Name of a head's device, by its number. */
  readonly device: (index: number) => string;
  /** Name of the device of its disk. */
  readonly disk: (index: number) => string;
  /** Attributes of the multipath disk. */
  readonly disk_groups: (lib: ScsiLibrary, head: LibraryHead) => readonly attribute_group[];
}

/** What the functions of the template work with: the library they were given, and what they are made of. */
export interface Template {
  readonly lib: ScsiLibrary;
  readonly parts: TemplateParts;
  readonly globals: scsi_mpath_globals;
  readonly naming: Naming;
  /** Every object that was allocated, for observers: no pointer of the kernel. */
  readonly made: KObject[];
}
