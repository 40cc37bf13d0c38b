// SPDX-License-Identifier: GPL-2.0-only
import { atomic_read, READ_ONCE, type mpath_head_template, type Steps, type v2 } from '@libmultipath/driver-kit';
import { make_clone_bio } from './clone-bio.js';
import { make_is_disabled, make_is_optimized, scsi_mpath_available_path } from './path-state.js';
import { to_scsi_mpath_device } from './scsi-mpath-device.js';
import { to_scsi_mpath_head } from './scsi-mpath-head.js';
import { sd_mpath_remove_head } from './sd/sd-mpath-remove.js';
import type { Template } from './template.js';

/**
 * What SCSI gives to the library. No char device; no `ioctl_begin`: an ioctl runs on the chosen path's
 * disk inside the head's SRCU section.
 * Kernel: `smpdt`, v3.
 */
export const makeTemplate = (user: Template): mpath_head_template => ({
  remove_head: (head) => sd_mpath_remove_head(user, to_scsi_mpath_head(user.lib, head)),
  is_disabled: make_is_disabled(user.parts),
  is_optimized: make_is_optimized(user.parts),
  available_path: scsi_mpath_available_path,
  clone_bio: make_clone_bio(user),
});

/** The same with the two questions that v3 replaced by pointers. Kernel: `smpdt`, v2. */
export const makeTemplateV2 = (user: Template): v2.mpath_head_template => ({
  remove_head: (head) => sd_mpath_remove_head(user, to_scsi_mpath_head(user.lib, head)),
  is_disabled: make_is_disabled(user.parts),
  is_optimized: make_is_optimized(user.parts),
  available_path: scsi_mpath_available_path,
  clone_bio: make_clone_bio(user),
  get_nr_active: (dev): Steps<number> => atomic_read(to_scsi_mpath_device(dev).sdev.host.mpath_nr_active),
  *get_iopolicy(head) {
    return yield* READ_ONCE(to_scsi_mpath_head(user.lib, head).iopolicy, 'value');
  },
});
