// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  list_entries,
  set_capacity,
  sysfs_write,
  type gendisk,
  type LibV3,
  type Steps,
} from '@libmultipath/driver-kit';
import type { virtio_multipath } from '../environment/multipath-ops.js';
import type { virtio_core } from '../environment/virtio-core.js';
import { path_groups } from './attributes.js';
import { virtio_mpath_globals, type TemplateDriver } from './driver.js';
import { makeTemplate } from './make-template.js';
import { virtio_mpath_init_path, virtio_mpath_set_live } from './path-join.js';
import { virtio_mpath_path_removed, virtio_mpath_remove_path } from './path-removal.js';
import { head_of, path_of, type virtio_mpath_head } from './paths-and-heads.js';
import { set_usable } from './usable.js';

/** The driver over the library, with what the battery looks at. */
export interface TemplateMultipath extends virtio_multipath {
  readonly globals: virtio_mpath_globals;
}

/** Where users find the multipath disk. Pure. */
const visible = (head: virtio_mpath_head): gendisk | undefined => {
  const { disk } = head.mpath_head;
  return disk?.device.kobj.state_in_sysfs === true ? disk : undefined;
};

/**
 * virtio-blk over the library that it is given. To be called where KObjects may be made.
 * @param core the driver underneath; asked for later
 * @param without see {@link TemplateDriver.without}
 */
export const template_multipath = (
  lib: LibV3,
  core: () => virtio_core,
  without: ReadonlySet<string> = new Set(),
): TemplateMultipath => {
  const globals = new virtio_mpath_globals();
  const mpdt = makeTemplate(lib, () => driver, without);
  const driver: TemplateDriver = { lib, globals, core, without, mpdt };
  const head_disk = (): gendisk | undefined => list_entries(globals.heads).flatMap((head) => visible(head) ?? [])[0];
  /** write(2) to an attribute of the multipath disk. @returns 0 or -errno */
  function* write(name: string, text: string): Steps<number> {
    const disk = head_disk();
    if (disk === undefined) return -E.ENOENT;
    return Math.min(0, yield* sysfs_write(disk.device.kobj, name, text));
  }
  return {
    globals,
    hidesPaths: true,
    init_path: (vblk) => virtio_mpath_init_path(driver, vblk),
    path_groups: (vblk) => path_groups(lib, vblk),
    set_live: (vblk) => virtio_mpath_set_live(driver, vblk),
    remove_path: (vblk) => virtio_mpath_remove_path(driver, vblk),
    path_removed: (vblk, last) => virtio_mpath_path_removed(driver, vblk, last),
    *revalidate(vblk, sectors) {
      const { mpath_head } = head_of(path_of(vblk));
      yield* set_capacity(mpath_head.disk, sectors);
      yield* lib.mpath_revalidate_paths(mpath_head, null);
    },
    set_usable: (vblk, usable) => set_usable(lib, path_of(vblk), usable),
    head_disk,
    set_delayed_removal: (seconds) => write('delayed_removal_secs', String(seconds)),
    set_iopolicy: (policy) => write('iopolicy', policy),
  };
};
