// SPDX-License-Identifier: GPL-2.0-only
import {
  store_access_state,
  viewOfHead,
  type LibV3,
  type mpath_device,
  type mpath_head,
  type mpath_head_template,
} from '@libmultipath/core';
import { atomic_t, in_module, set_capacity, type gendisk, type KObject, type Steps } from '@libmultipath/kernel';
import {
  plain_cdev_ioctl,
  plain_ioctl_begin,
  plain_ioctl_finish,
  lacking,
  remove_head_in_module,
} from './callbacks.js';
import { plain_add_cdev, plain_del_cdev } from './cdev.js';
import { plain_clone_bio } from './hardware.js';
import type { PlainLibrary } from './library.js';
import { plain_available_path, plain_is_disabled, plain_is_optimized } from './path-state.js';
import { handle_of, plain_head, type plain_core, type plain_path, type PlainHandle } from './structures.js';

/** The plain driver on v3, or on something made of its parts. */
export const plainOnV3 = (lib: LibV3): PlainLibrary => {
  const of = (head: plain_head): mpath_head => {
    const { head: made } = handle_of(head);
    if (made instanceof lib.mpath_head) return made;
    throw new TypeError('a head of this revision was expected');
  };
  const dev = ({ mpath_device: made }: plain_path): mpath_device => {
    if (made instanceof lib.mpath_device) return made;
    throw new TypeError('a path of this revision was expected');
  };
  const containerOf = (head: mpath_head): plain_head => {
    if (head.container instanceof plain_head) return head.container;
    throw new TypeError('a head of the plain driver was expected');
  };
  const template = (core: plain_core): mpath_head_template =>
    lacking(
      {
        available_path: plain_available_path,
        is_disabled: plain_is_disabled,
        is_optimized: plain_is_optimized,
        remove_head: (head: mpath_head) => remove_head_in_module(containerOf(head)),
        add_cdev: (head: mpath_head) => plain_add_cdev(containerOf(head), head, lib.mpath_chr_fops),
        del_cdev: (head: mpath_head) => plain_del_cdev(head),
        cdev_ioctl: (path: mpath_device) => plain_cdev_ioctl(path),
        ioctl_begin: (path: mpath_device) => plain_ioctl_begin(path),
        ioctl_finish: plain_ioctl_finish,
        clone_bio: plain_clone_bio,
      },
      core,
    );

  function* init_head(core: plain_core, head: mpath_head): Steps<number> {
    const error = yield* in_module(core.this_module, 'plain_alloc_head', lib.mpath_head_init(head));
    if (error !== 0) return error;
    if (!core.without.has('drv_module')) head.drv_module = core.this_module;
    head.mpdt = template(core);
    head.iopolicy = core.policy;
    head.parent = core.parent;
    head.disk_groups = [lib.mpath_attr_group];
    return 0;
  }

  return {
    revision: lib.revision,
    init: () => {
      lib.mpath_init();
    },
    new_device: (path) => new lib.mpath_device(path),
    *alloc_head(head) {
      const { core } = head;
      const made = new lib.mpath_head(head);
      const handle: PlainHandle = {
        head: made,
        memory: [head],
        disk: () => made.disk,
        view: () => viewOfHead(made, made.disk),
      };
      head.handle = handle;
      let error = yield* init_head(core, made);
      if (error !== 0 || !core.shared) return error;
      error = yield* lib.mpath_alloc_head_disk(made, 0);
      if (error !== 0) {
        // As NVMe does: the last put cleans what mpath_head_init() has made.
        yield* lib.mpath_put_head(made);
        return error;
      }
      yield* nameDisk(core, made.disk);
      return 0;
    },
    *free_head(head, free) {
      yield* lib.mpath_put_disk(of(head));
      yield* lib.mpath_head_uninit(of(head), () => in_module(head.core.this_module, 'plain_free_head', free()));
    },
    add_device: (path, head, disk) => lib.mpath_add_device(dev(path), of(head), disk, path.slot.node, depthOf(path)),
    set_live: (path) => lib.mpath_device_set_live(dev(path)),
    synchronize: (head) => lib.mpath_synchronize(of(head)),
    clear_current_path: (path) => lib.mpath_clear_current_path(dev(path)),
    set_access_state: (path, state) => store_access_state(lib, dev(path), state),
    delete_device: (path) => lib.mpath_delete_device(dev(path)),
    devices_empty: (head) => lib.mpath_head_devices_empty(of(head)),
    queue_if_no_path: (head) => lib.mpath_head_queue_if_no_path(of(head)),
    can_remove_head: (head) => lib.mpath_can_remove_head(of(head)),
    remove_disk: (head) => lib.mpath_remove_disk(of(head)),
    kick: (head) => lib.mpath_schedule_requeue_work(of(head)),
    clear_paths: (head) => lib.mpath_clear_paths(of(head)),
    revalidate_paths: (head) => lib.mpath_revalidate_paths(of(head), null),
    *store_policy(core, name) {
      return (yield* lib.mpath_iopolicy_store(core.policy, name)) ? 0 : -22;
    },
    store_delay: (head, seconds) => lib.mpath_delayed_removal_secs_store(of(head), String(seconds)),
  };
};

/** Requests in flight, which nobody counts: all paths are equal to the policy. */
const depths = new WeakMap<KObject, atomic_t>();

const depthOf = (path: plain_path): atomic_t => {
  const depth = depths.get(path) ?? new atomic_t(path);
  depths.set(path, depth);
  return depth;
};

/** What a driver does with the disk that it asked for. */
export function* nameDisk(core: plain_core, disk: gendisk | null): Steps<void> {
  if (disk === null) return;
  disk.disk_name = `plain0n${String(core.heads++)}`;
  yield* set_capacity(disk, core.sectors);
}
