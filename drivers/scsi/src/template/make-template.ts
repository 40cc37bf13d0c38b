// SPDX-License-Identifier: GPL-2.0-only
import type { mpath_head_template } from '@libmultipath/driver-kit';
import { make_clone_bio } from './clone-bio.js';
import { make_is_disabled, make_is_optimized, scsi_mpath_available_path } from './path-state.js';
import { to_scsi_mpath_head } from './scsi-mpath-head.js';
import { sd_mpath_remove_head } from './sd/sd-mpath-remove.js';
import type { Template } from './template.js';

/**
 * What SCSI gives to the library. No char device; no `ioctl_begin`: an ioctl runs on the chosen path's
 * disk inside the head's SRCU section.
 * Kernel: `smpdt`, v3.
 */
export const makeTemplate = (user: Omit<Template, 'mpdt'>): mpath_head_template => ({
  remove_head: (head) => sd_mpath_remove_head(user, to_scsi_mpath_head(head)),
  is_disabled: make_is_disabled(user.parts),
  is_optimized: make_is_optimized(user.parts),
  available_path: scsi_mpath_available_path,
  clone_bio: make_clone_bio(user),
});
