// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  atomic_t,
  device,
  device_add,
  kblockd,
  load,
  set_capacity,
  settle,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { mpath_iopolicy, type mpath_iopolicy_e } from '../../constants.js';
import { onlyOf } from '../../testing/only.js';
import { makePathDisk, usable, type ToyPath } from '../../testing/toy-driver.js';
import { libV2 } from '../make-v2.js';
import { mpath_device, mpath_head } from '../structures.js';
import type { mpath_head_template } from '../template.js';

export class toy_path extends mpath_device {
  disabled = false;
  available = true;
  readonly depth = new atomic_t(this);
}

const toy = (dev: mpath_device): toy_path => {
  if (!(dev instanceof toy_path)) throw new TypeError('a path of the toy driver was expected');
  return dev;
};

export const toyTemplate: mpath_head_template = {
  available_path: (dev) => load(toy(dev), 'available'),
  is_disabled: (dev) => load(toy(dev), 'disabled'),
  *is_optimized(dev) {
    return (yield* load(dev, 'access_state')) === 0 && !(yield* load(toy(dev), 'disabled'));
  },
  get_nr_active: (dev) => atomic_read(toy(dev).depth),
  *get_iopolicy({ drvdata }) {
    if (!(drvdata instanceof mpath_iopolicy)) throw new TypeError('the head has no policy');
    return yield* libV2.mpath_read_iopolicy(drvdata);
  },
};

/** A head that the library has allocated and the driver filled in; no disk yet. */
export function* makeToy(
  policy: mpath_iopolicy_e = 0,
  template: mpath_head_template = toyTemplate,
): Steps<{ head: mpath_head; policy: mpath_iopolicy }> {
  libV2.mpath_init();
  kblockd();
  const head = yield* libV2.mpath_alloc_head();
  if (!(head instanceof mpath_head)) throw new Error('no memory');
  const iopolicy = new mpath_iopolicy();
  iopolicy.value = policy;
  head.drvdata = iopolicy;
  head.mpdt = template;
  head.parent = new device('toy');
  yield* device_add(head.parent);
  head.disk_groups = [libV2.mpath_attr_group];
  return { head, policy: iopolicy };
}

/** Adds a path that is not live yet. */
export function* addPath(head: mpath_head, path: ToyPath = usable, disk: gendisk | null = null): Steps<toy_path> {
  const dev = new toy_path();
  dev.disabled = path.disabled;
  dev.available = path.available;
  dev.access_state = path.state;
  dev.numa_node = path.node;
  dev.depth.counter = path.depth;
  dev.disk = disk;
  yield* libV2.mpath_add_device(head, dev);
  return dev;
}

/** A head with its disk `toy0` of 1 MiB and the given paths on its list, none of them live and none with a disk. */
export function* makeHead(
  paths: readonly ToyPath[],
  policy: mpath_iopolicy_e = 0,
  template: mpath_head_template = toyTemplate,
): Steps<{ head: mpath_head; disk: gendisk; policy: mpath_iopolicy; paths: toy_path[] }> {
  const made = yield* makeToy(policy, template);
  yield* libV2.mpath_alloc_head_disk(made.head, 0);
  const { disk } = made.head;
  if (disk === null) throw new Error('the head has no disk');
  disk.disk_name = 'toy0';
  yield* set_capacity(disk, 2_048);
  const added: toy_path[] = [];
  for (const path of paths) added.push(yield* addPath(made.head, path));
  return { ...made, disk, paths: added };
}

/** A head with a live path for each of `paths`, with disks `path0` and so on. */
export function* makeLiveHead(
  paths: readonly ToyPath[] = [usable],
  policy: mpath_iopolicy_e = 0,
  template: mpath_head_template = toyTemplate,
): Steps<{ head: mpath_head; disk: gendisk; policy: mpath_iopolicy; paths: toy_path[] }> {
  const made = yield* makeHead([], policy, template);
  for (const [index, path] of paths.entries()) {
    const dev = yield* addPath(made.head, path, yield* makePathDisk(`path${String(index)}`));
    yield* libV2.mpath_device_set_live(dev);
    made.paths.push(dev);
  }
  return made;
}

/** A live head with one path, after everything has come to rest. */
export function* makeOnePathHead(
  template: mpath_head_template = toyTemplate,
  policy: mpath_iopolicy_e = 0,
): Steps<{ head: mpath_head; disk: gendisk; policy: mpath_iopolicy; path: toy_path }> {
  const { paths, ...made } = yield* makeLiveHead([usable], policy, template);
  yield* settle();
  return { ...made, path: onlyOf(paths) };
}
