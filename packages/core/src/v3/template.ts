// SPDX-License-Identifier: GPL-2.0-only
import type { bio, io_uring_cmd, KObject, Steps } from '@libmultipath/kernel';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * What a driver brings. Every callback is a kernel function; `is_disabled`, `is_optimized`
 * and `available_path` run inside an SRCU read section of the head, the first two also
 * under `mpath_head.lock` from `mpath_device_set_live`. Source: v3 patches 02 to 11, the
 * members that the functions of this package reach.
 *
 * The examples are members of one template, for a driver whose paths have a `state` (LIVE, BLOCKED,
 * GONE) and which keeps a `host` for each head. A test of the driver kit runs them.
 */
export interface mpath_head_template {
  /**
   * May this path come back soon? True parks the bio on the head, until somebody kicks; with false for every
   * path it ends with an error.
   *
   * When: a bio was submitted and no path is usable; for each path in list order until the first true. Mandatory,
   * and not tested for. Context: inside the head's SRCU section, in the middle of an I/O; must not sleep.
   *
   * @example
   * *available_path(path) {
   *   return (yield* READ_ONCE(path, 'state')) !== GONE;
   * }
   */
  readonly available_path: (dev: mpath_device) => Steps<boolean>;
  /**
   * The path must not get I/O now.
   *
   * When: a path is chosen for a bio, an ioctl or a char device; and for each path when one goes live. Mandatory, and
   * not tested for. Context: inside the head's SRCU section; from `mpath_device_set_live()` also under
   * `mpath_head.lock`, which it must not take. Must not sleep. A path that is being removed must
   * answer true before the first grace period of its removal.
   *
   * @example
   * *is_disabled(path) {
   *   return (yield* READ_ONCE(path, 'state')) !== LIVE;
   * }
   */
  readonly is_disabled: (dev: mpath_device) => Steps<boolean>;
  /**
   * The path is usable and optimized. True implies that it is not disabled: the library does not ask that again.
   *
   * When: NUMA policy, of the cached path (false: all paths are looked at again); and of the path that goes live (true:
   * the choice is made again on every node). Mandatory, and not tested for. Context: the first inside the head's SRCU
   * section, the second under `mpath_head.lock` outside of it. Must not sleep.
   *
   * @example
   * *is_optimized(path) {
   *   if ((yield* READ_ONCE(path, 'state')) !== LIVE) return false;
   *   return (yield* load(path, 'access_state')) === MPATH_STATE_OPTIMIZED;
   * }
   */
  readonly is_optimized: (dev: mpath_device) => Steps<boolean>;
  /**
   * Finishes a delayed removal: unlink the head if it has no path, then `mpath_remove_disk()` and the last references.
   *
   * When: `delayed_removal_secs` after the last path went. A path may have come at the last moment: test again, under
   * the driver's own lock. Needed when delayed removal can be armed; the library does not test for it. Context:
   * `mpath-wq`, no lock held; may sleep. The head may be gone when it returns.
   *
   * @example
   * *remove_head(mpath_head) {
   *   yield* remove_head_if_empty(mpath_head, true);
   * }
   */
  readonly remove_head?: (head: mpath_head) => Steps<void>;
  /**
   * Makes the char device out of `mpath_head.cdev` and `cdev_device`, with `mpath_chr_fops`. Needs `del_cdev` and
   * `cdev_ioctl`.
   *
   * When: the first path went live, after the disk was added. Context: may sleep, no lock held.
   * @returns 0 or -errno: the disk then stays without one ("Unable to create the cdev")
   *
   * @example
   * *add_cdev({ cdev, cdev_device, parent }) {
   *   cdev_device.name = 'ng-example';
   *   cdev_device.parent = parent;
   *   cdev_device.devt = MKDEV(240, 0);
   *   yield* cdev_init(cdev, libV3.mpath_chr_fops);
   *   return yield* cdev_device_add(cdev, cdev_device);
   * }
   */
  readonly add_cdev?: (head: mpath_head) => Steps<number>;
  /**
   * Removes the char device. Pair of `add_cdev`.
   *
   * When: `mpath_remove_disk()`, if there is one; before its grace period. Context: may sleep, no lock held.
   *
   * @example
   * *del_cdev(head) {
   *   yield* cdev_device_del(head.cdev, head.cdev_device);
   * }
   */
  readonly del_cdev?: (head: mpath_head) => Steps<void>;
  /**
   * An ioctl of the char device, on the path that was chosen. Pair of `add_cdev`.
   *
   * When: ioctl(2) on the char device. Context: inside the head's SRCU section, or after it where `ioctl_begin` gave an
   * object; `open_for_write` as the file was opened.
   * @returns 0 or more, or -errno
   *
   * @example
   * *cdev_ioctl(_path, cmd, _arg, open_for_write) {
   *   if (cmd !== HDIO_GETGEO) return -E.ENOTTY;
   *   return open_for_write ? 0 : -E.EACCES;
   * }
   */
  readonly cdev_ioctl?: (dev: mpath_device, cmd: number, arg: unknown, open_for_write: boolean) => Steps<number>;
  /**
   * An ioctl is about to run on the path. May give an object that outlives the path and that it took a reference
   * on: the library then leaves its SRCU section before the ioctl, which may take for ever. Null: it stays inside.
   *
   * When: ioctl on disk or char device, once a path was chosen. Pair of `ioctl_finish`. Context: inside the head's SRCU
   * section; must not sleep.
   *
   * @example
   * *ioctl_begin(path, _cmd) {
   *   const host = path.slot?.host ?? null;
   *   if (host !== null) yield* get_device(host.dev);
   *   return host;
   * }
   */
  readonly ioctl_begin?: (dev: mpath_device, cmd: number) => Steps<KObject | null>;
  /**
   * Drops that reference. Pair of `ioctl_begin`.
   *
   * When: after the ioctl, where `ioctl_begin` gave an object. Context: outside the SRCU section; may sleep.
   *
   * @example
   * *ioctl_finish(host) {
   *   if (host instanceof library_host) yield* put_device(host.dev);
   * }
   */
  readonly ioctl_finish?: (opaque: KObject) => Steps<void>;
  /**
   * An io_uring command of the char device, on the path that was chosen.
   *
   * When: io_uring passthrough. Absent: -EOPNOTSUPP, once a path was found. Context: inside the head's SRCU section.
   * @returns a result, -EIOCBQUEUED, or -errno
   *
   * @example
   * *chr_uring_cmd(_path, _ioucmd, issue_flags) {
   *   return issue_flags === 0 ? 0 : -E.EAGAIN;
   * }
   */
  readonly chr_uring_cmd?: (dev: mpath_device, ioucmd: io_uring_cmd, issue_flags: number) => Steps<number>;
  /**
   * Polls for the completion of one.
   *
   * When: io_uring with IOPOLL. Absent: -EOPNOTSUPP. Context: no SRCU section, no path was looked for.
   * @returns completions found, or -errno
   *
   * @example
   * *chr_uring_cmd_iopoll(_ioucmd, _iob, _poll_flags) {
   *   return 0;
   * }
   */
  readonly chr_uring_cmd_iopoll?: (ioucmd: io_uring_cmd, iob: object | null, poll_flags: number) => Steps<number>;
  /**
   * A clone to send down instead of the original, whose end the driver then sees: how a bio is failed over that met an
   * error. Null: the original ends with an I/O error.
   *
   * When: each bio, once a path was chosen. Absent: the original is sent. Context: inside the head's SRCU section, in
   * the middle of an I/O.
   *
   * @example
   * *clone_bio(original) {
   *   const clone = yield* bio_alloc_clone(original.bi_bdev, original);
   *   if (clone === null) return null;
   *   clone.bi_end_io = function* (ended) {
   *     original.bi_status = ended.bi_status;
   *     yield* kfree(ended);
   *     yield* bio_endio(original);
   *   };
   *   return clone;
   * }
   */
  readonly clone_bio?: (original: bio) => Steps<bio | null>;
}
