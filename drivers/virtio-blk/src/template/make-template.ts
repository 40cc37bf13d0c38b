// SPDX-License-Identifier: GPL-2.0-only
import {
  checkTemplate,
  in_module,
  templateShapeV3,
  type LibV3,
  type mpath_head,
  type mpath_head_template,
  type Steps,
} from '@libmultipath/driver-kit';
import { make_clone_bio } from './clone-bio.js';
import type { TemplateDriver } from './driver.js';
import { make_remove_head } from './head-removal.js';
import { virtio_mpath_available_path, virtio_mpath_is_disabled, virtio_mpath_is_optimized } from './path-state.js';

/**
 * What the driver gives to the library. No char device and no ioctl of its own: virtio-blk has neither.
 * @param driver asked for when a head is removed
 * @param without callbacks that are left out, to see what happens then
 */
export const makeTemplate = (
  lib: LibV3,
  driver: () => TemplateDriver,
  without: ReadonlySet<string>,
): mpath_head_template => {
  const body = make_remove_head(driver);
  // Code of the module: it must not be unloaded while this runs.
  const remove_head = (head: mpath_head): Steps<void> =>
    in_module(driver().core().this_module, 'virtio_mpath_remove_head', body(head));
  const mpdt: mpath_head_template = {
    available_path: virtio_mpath_available_path,
    is_disabled: virtio_mpath_is_disabled,
    is_optimized: virtio_mpath_is_optimized,
    ...(without.has('remove_head') ? {} : { remove_head }),
    clone_bio: make_clone_bio(lib),
  };
  checkTemplate({ ...mpdt }, templateShapeV3);
  return mpdt;
};
