// SPDX-License-Identifier: GPL-2.0-only
import { viewOfHead, type LibV1, type v1 } from '@libmultipath/core';
import {
  delayed_work,
  E,
  kblockd_schedule_work,
  kref_get,
  list_empty,
  module_put,
  mutex_lock,
  mutex_unlock,
  type KObject,
  type Steps,
} from '@libmultipath/kernel';
import { plain_cdev_ioctl, lacking } from './callbacks.js';
import { plain_add_cdev, plain_del_cdev } from './cdev.js';
import { plain_clone_bio } from './hardware.js';
import { plain_remove_head } from './head.js';
import type { PlainLibrary } from './library.js';
import { nameDisk } from './library-v3.js';
import {
  path_of,
  plain_access_state,
  plain_available_path,
  plain_is_disabled,
  plain_is_optimized,
} from './path-state.js';
import { plain_put_path } from './paths.js';
import { type plain_core, type plain_head, type plain_path, type PlainHandle } from './structures.js';

/** The library's part in v1: head and disk are two objects. */
interface HandleV1 extends PlainHandle {
  readonly head: v1.mpath_head;
  readonly mpath_disk: v1.mpath_disk | null;
}

/**
 * The plain driver on v1. It hands its own reference on the head to the disk, whose release puts
 * one; `without` of `handover` makes it one that puts what it took itself.
 */
export const plainOnV1 = (lib: LibV1): PlainLibrary => {
  const handles = new WeakMap<plain_head, HandleV1>();
  const of = (head: plain_head): HandleV1 => {
    const handle = handles.get(head);
    if (handle === undefined) throw new TypeError('a head of this revision was expected');
    return handle;
  };
  const dev = ({ mpath_device: made }: plain_path): v1.mpath_device => {
    if (made instanceof lib.mpath_device) return made;
    throw new TypeError('a path of this revision was expected');
  };

  /** The path is held over the ioctl, and the SRCU section left before it. */
  function* ioctl(head: v1.mpath_head, made: KObject, srcu_idx: number): Steps<number> {
    const path = path_of(made);
    yield* kref_get(path.ref);
    yield* lib.mpath_head_read_unlock(head, srcu_idx);
    const result = yield* plain_cdev_ioctl(made);
    yield* plain_put_path(path);
    return result;
  }

  const template = (core: plain_core, own: plain_head, head: v1.mpath_head): v1.mpath_head_template =>
    lacking(
      {
        *available_path(path: v1.mpath_device, available: v1.bool_pointer) {
          available.value = yield* plain_available_path(path);
          return true;
        },
        is_disabled: plain_is_disabled,
        is_optimized: plain_is_optimized,
        *get_access_state(path: v1.mpath_device) {
          return plain_access_state(path);
        },
        get_iopolicy: () => lib.mpath_read_iopolicy(core.policy),
        add_cdev: () => plain_add_cdev(own, head, lib.mpath_generic_chr_fops),
        del_cdev: () => plain_del_cdev(head),
        cdev_ioctl: (_head, path: v1.mpath_device, _mode, _cmd, _arg, srcu_idx: number) => ioctl(head, path, srcu_idx),
        bdev_ioctl: (_bdev, path: v1.mpath_device, _mode, _cmd, _arg, srcu_idx: number) => ioctl(head, path, srcu_idx),
        clone_bio: plain_clone_bio,
        device_groups: lib.mpath_device_groups,
      } satisfies v1.mpath_head_template,
      core,
    );

  /** Initialised and implemented by the driver in v1, which also drops the module reference. */
  function* plain_remove_head_work(head: plain_head): Steps<void> {
    const { drv_module } = of(head).head;
    yield* plain_remove_head(head);
    yield* module_put(drv_module);
  }

  const keep = (head: plain_head, handle: HandleV1): void => {
    head.handle = handle;
    handles.set(head, handle);
  };

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
      if (!core.without.has('drv_module')) made.drv_module = core.this_module;
      made.remove_work = new delayed_work(made, () => plain_remove_head_work(head), 'plain_remove_head_work', {
        owner: core.this_module,
      });
      made.mpdt = template(core, head, made);
      const bare: HandleV1 = {
        head: made,
        mpath_disk: null,
        memory: [head, made],
        disk: () => null,
        view: () => viewOfHead(made, null),
      };
      keep(head, bare);
      if (!core.shared) return 0;
      const disk = yield* lib.mpath_alloc_head_disk(0);
      if (disk === null) {
        yield* lib.mpath_put_head(made);
        return -E.ENOMEM;
      }
      disk.mpath_head = made;
      disk.parent = core.parent;
      keep(head, {
        ...bare,
        mpath_disk: disk,
        memory: [head, made, disk],
        disk: () => disk.disk,
        view: () => viewOfHead(made, disk.alloc.freed ? null : disk.disk),
      });
      yield* nameDisk(core, disk.disk);
      return 0;
    },
    *free_head(head, free) {
      const { head: made, mpath_disk: disk } = of(head);
      if (disk !== null) yield* lib.mpath_put_disk(disk);
      if (disk === null || head.core.without.has('handover')) yield* lib.mpath_put_head(made);
      yield* free();
    },
    *add_device(path, head, disk) {
      const made = dev(path);
      made.disk = disk;
      made.numa_node = path.slot.node;
      yield* lib.mpath_add_device(of(head).head, made);
    },
    set_live: (path, head) => lib.mpath_device_set_live(of(head).mpath_disk, dev(path)),
    synchronize: (head) => lib.mpath_synchronize(of(head).head),
    // It asks: get_access_state().
    *set_access_state() {},
    clear_current_path: (path, head) => lib.mpath_clear_current_path(of(head).head, dev(path)),
    *delete_device(path, head) {
      yield* lib.mpath_delete_device(of(head).head, dev(path));
      return yield* list_empty(of(head).head.dev_list);
    },
    *devices_empty(head) {
      const { head: made } = of(head);
      yield* mutex_lock(made.lock);
      const empty = yield* list_empty(made.dev_list);
      yield* mutex_unlock(made.lock);
      return empty;
    },
    queue_if_no_path: (head) => lib.mpath_head_queue_if_no_path(of(head).head),
    can_remove_head: (head) => lib.mpath_can_remove_head(of(head).head),
    *remove_disk(head) {
      const { mpath_disk: disk } = of(head);
      if (disk !== null) yield* lib.mpath_remove_disk(disk);
    },
    *kick(head) {
      yield* kblockd_schedule_work(of(head).head.requeue_work);
    },
    clear_paths: (head) => lib.mpath_clear_paths(of(head).head),
    *revalidate_paths(head) {
      const { mpath_disk: disk } = of(head);
      if (disk !== null) yield* lib.mpath_revalidate_paths(disk, null);
    },
    *store_policy(core, name) {
      const result = yield* lib.mpath_iopolicy_store(core.policy, name, () => nothing(), null);
      return Math.min(result, 0);
    },
    store_delay: (head, seconds) => lib.mpath_delayed_removal_secs_store(of(head).head, String(seconds)),
  };
};

function* nothing(): Steps<void> {}
