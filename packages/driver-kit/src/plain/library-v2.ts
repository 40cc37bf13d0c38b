// SPDX-License-Identifier: GPL-2.0-only
import { viewOfHead, type LibV2, type v2 } from '@libmultipath/core';
import { store, type Steps } from '@libmultipath/kernel';
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
import { nameDisk } from './library-v3.js';
import { plain_available_path, plain_is_disabled, plain_is_optimized } from './path-state.js';
import { handle_of, type plain_core, type plain_head, type plain_path } from './structures.js';

/** The plain driver on v2: the library's head is on the heap, counted apart from the driver's. */
export const plainOnV2 = (lib: LibV2): PlainLibrary => {
  const of = (head: plain_head): v2.mpath_head => {
    const { head: made } = handle_of(head);
    if (made instanceof lib.mpath_head) return made;
    throw new TypeError('a head of this revision was expected');
  };
  const dev = ({ mpath_device: made }: plain_path): v2.mpath_device => {
    if (made instanceof lib.mpath_device) return made;
    throw new TypeError('a path of this revision was expected');
  };
  const template = (core: plain_core, own: plain_head): v2.mpath_head_template =>
    lacking(
      {
        available_path: plain_available_path,
        is_disabled: plain_is_disabled,
        is_optimized: plain_is_optimized,
        *get_nr_active() {
          return 0;
        },
        get_iopolicy: () => lib.mpath_read_iopolicy(core.policy),
        remove_head: () => remove_head_in_module(own),
        add_cdev: (head: v2.mpath_head) => plain_add_cdev(own, head, lib.mpath_chr_fops),
        del_cdev: (head: v2.mpath_head) => plain_del_cdev(head),
        cdev_ioctl: (path: v2.mpath_device) => plain_cdev_ioctl(path),
        ioctl_begin: (path: v2.mpath_device) => plain_ioctl_begin(path),
        ioctl_finish: plain_ioctl_finish,
        clone_bio: plain_clone_bio,
      },
      core,
    );

  function* with_disk(head: plain_head, made: v2.mpath_head): Steps<number> {
    if (!head.core.shared) return 0;
    const error = yield* lib.mpath_alloc_head_disk(made, 0);
    if (error !== 0) yield* lib.mpath_put_head(made);
    else yield* nameDisk(head.core, made.disk);
    return error;
  }

  return {
    revision: lib.revision,
    init: () => {
      lib.mpath_init();
    },
    new_device: (path) => new lib.mpath_device(path),
    *alloc_head(head) {
      const { core } = head;
      const made = yield* lib.mpath_alloc_head();
      if (typeof made === 'number') return made;
      head.handle = {
        head: made,
        memory: [head, made],
        disk: () => made.disk,
        view: () => viewOfHead(made, made.disk),
      };
      made.mpdt = template(core, head);
      made.drvdata = head;
      made.parent = core.parent;
      made.disk_groups = [lib.mpath_attr_group];
      if (!core.without.has('drv_module')) made.drv_module = core.this_module;
      return yield* with_disk(head, made);
    },
    *free_head(head, free) {
      yield* lib.mpath_put_disk(of(head));
      yield* lib.mpath_put_head(of(head));
      yield* free();
    },
    *add_device(path, head, disk) {
      const made = dev(path);
      made.disk = disk;
      made.numa_node = path.slot.node;
      yield* lib.mpath_add_device(of(head), made);
    },
    set_live: (path) => lib.mpath_device_set_live(dev(path)),
    synchronize: (head) => lib.mpath_synchronize(of(head)),
    set_access_state: (path, state) => store(dev(path), 'access_state', state),
    clear_current_path: (path) => lib.mpath_clear_current_path(dev(path)),
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
