// SPDX-License-Identifier: GPL-2.0-only
import { get_device, kref_get_unless_zero, type Steps } from '@libmultipath/driver-kit';
import type { scsi_device } from '../environment/scsi-device.js';
import type { LibraryHead, LibraryPath, ScsiLibrary } from './library.js';
import type { scsi_mpath_device } from './scsi-mpath-device.js';
import type { scsi_mpath_head } from './scsi-mpath-head.js';
import { forgotten, type OldDisk } from './sd/old-disk.js';
import type { sd_mpath_disk } from './sd/sd-mpath-disk.js';

/** What the SCSI driver of v3 is made of where a remedy may put something else in its place. */
export interface TemplateParts {
  /** What `is_disabled` and `is_optimized` compare of `sdev->access_state`. */
  readonly access_state: (byte: number) => number;
  /** A clone failed: what becomes of the choice of its path. Context: any. */
  readonly forget_path: (lib: ScsiLibrary, head: LibraryHead, dev: LibraryPath) => Steps<void>;
  /** A clone failed: how its device is held while the original is put back. Context: any. */
  readonly hold_device: (sdev: scsi_device) => Steps<void>;
  /** The path's device is RUNNING again. Context: its `state_mutex` held, so it is not being removed yet. */
  readonly on_running: (lib: ScsiLibrary, path: scsi_mpath_device) => Steps<void>;
  /** Flags of a command (SCMD_MPATH_…) that is dispatched, perhaps again, as the driver finds them. */
  readonly flags_at_dispatch: (flags: number) => number;
  /**
   * Is it the head that is looked for? A reference is held when it is.
   * Context: `scsi_mpath_heads_lock` held.
   * @param put drops a reference; for the last one takes that lock
   */
  readonly get_head_if: (
    head: scsi_mpath_head,
    vpd_id: string,
    put: (head: scsi_mpath_head) => Steps<void>,
  ) => Steps<boolean>;
  /** The path was unlinked; its `disk` is to become NULL. Context: may sleep. */
  readonly after_unlink: (lib: ScsiLibrary, head: LibraryHead, dev: LibraryPath) => Steps<void>;
  /** The only path that a disk had failed its probe: may the disk go? Context: `sd_mpath_disks_lock` held. */
  readonly may_go_after_failed_probe: (lib: ScsiLibrary, head: LibraryHead) => Steps<boolean>;
  /** The time of the delayed removal is over: may the disk go? Context: `sd_mpath_disks_lock` held. */
  readonly may_remove_disk: (disk: sd_mpath_disk) => boolean;
  /** The head's disk was unlisted: what is it to the path that would bring the next one? */
  readonly old_disk: OldDisk;
  /** The last reference on the head is gone. Context: may sleep. */
  readonly before_release: (head: LibraryHead) => Steps<void>;
}

/** The posted revision: 3 July 2026. */
export const v3TemplateParts: TemplateParts = {
  // The whole byte, with the preferred bit.
  access_state: (byte) => byte,
  *forget_path(lib, head, dev) {
    if (yield* lib.mpath_clear_current_path(dev)) yield* lib.mpath_synchronize(head);
  },
  // scsi_device_from_queue() takes a reference, and nobody puts it.
  hold_device: ({ sdev_gendev }) => get_device(sdev_gendev),
  // Nothing leads from there to the head.
  *on_running() {},
  // scsi_queue_rq() keeps SCMD_PRESERVED_FLAGS only, and the new flags are not among them.
  flags_at_dispatch: () => 0,
  *get_head_if(head, vpd_id, put) {
    if (!(yield* kref_get_unless_zero(head.ref))) return false;
    if (head.vpd_id === vpd_id) return true;
    yield* put(head);
    return false;
  },
  *after_unlink() {},
  // Not asked, so nothing calls off a removal that is pending.
  *may_go_after_failed_probe() {
    return true;
  },
  may_remove_disk: () => true,
  // sd_mpath_probe() finds none, and mpath_alloc_head_disk() overwrites the head's pointer.
  old_disk: forgotten,
  // mpath_put_disk() has flushed, before the clones of the path that went last had ended.
  *before_release() {},
};
