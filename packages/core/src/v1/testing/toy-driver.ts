// SPDX-License-Identifier: GPL-2.0-only
import {
  device,
  device_add,
  kblockd,
  load,
  set_capacity,
  settle,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { mpath_iopolicy, MPATH_STATE_OTHER, type mpath_iopolicy_e } from '../../constants.js';
import { onlyOf } from '../../testing/only.js';
import { makePathDisk, usable, type ToyPath } from '../../testing/toy-driver.js';
import { MPATH_STATE_INVALID, type mpath_access_state } from '../constants.js';
import { libV1 } from '../make-v1.js';
import { mpath_device, mpath_head, type mpath_disk } from '../structures.js';
import type { mpath_head_template } from '../template.js';

export class toy_path extends mpath_device {
  disabled = false;
  available = true;
  state: mpath_access_state = 0;
}

/** What the library gives may be garbage, as a `container_of()` of garbage is: so nothing is looked at here. */
const toy = (dev: mpath_device): toy_path => dev as toy_path;

export const toyTemplate: mpath_head_template = {
  *available_path(dev, available) {
    available.value = yield* load(toy(dev), 'available');
    return true;
  },
  is_disabled: (dev) => load(toy(dev), 'disabled'),
  *is_optimized(dev) {
    return (yield* load(toy(dev), 'state')) === 0 && !(yield* load(toy(dev), 'disabled'));
  },
  get_access_state: (dev) => load(toy(dev), 'state'),
  *get_iopolicy({ drvdata }) {
    if (!(drvdata instanceof mpath_iopolicy)) throw new TypeError('the head has no policy');
    return yield* libV1.mpath_read_iopolicy(drvdata);
  },
  device_groups: libV1.mpath_device_groups,
};

/** A head and its disk `toy0`, as the driver has tied them together. */
export interface Toy {
  readonly head: mpath_head;
  readonly disk: mpath_disk;
  readonly gendisk: gendisk;
  readonly policy: mpath_iopolicy;
}

/** A head of the library with its disk of 1 MiB, both allocated and filled in; no path yet. */
export function* makeToy(
  policy: mpath_iopolicy_e = 0,
  template: mpath_head_template = toyTemplate,
  sectors = 2_048,
): Steps<Toy> {
  libV1.mpath_init();
  kblockd();
  const head = yield* libV1.mpath_alloc_head();
  const disk = yield* libV1.mpath_alloc_head_disk(0);
  if (!(head instanceof mpath_head) || disk?.disk === undefined || disk.disk === null) throw new Error('no memory');
  const iopolicy = new mpath_iopolicy();
  iopolicy.value = policy;
  head.drvdata = iopolicy;
  head.mpdt = template;
  disk.mpath_head = head;
  disk.parent = new device('toy');
  yield* device_add(disk.parent);
  disk.disk.disk_name = 'toy0';
  yield* set_capacity(disk.disk, sectors);
  return { head, disk, gendisk: disk.disk, policy: iopolicy };
}

/** Adds a path that is not live yet. */
export function* addPath(head: mpath_head, path: ToyPath = usable, disk: gendisk | null = null): Steps<toy_path> {
  const dev = new toy_path();
  dev.disabled = path.disabled;
  dev.available = path.available;
  dev.state = path.state === MPATH_STATE_OTHER ? MPATH_STATE_INVALID : path.state;
  dev.numa_node = path.node;
  dev.nr_active.counter = path.depth;
  dev.disk = disk;
  yield* libV1.mpath_add_device(head, dev);
  return dev;
}

/** A head with the given paths on its list, none of them live and none with a disk. */
export function* makeHead(
  paths: readonly ToyPath[],
  policy: mpath_iopolicy_e = 0,
  template: mpath_head_template = toyTemplate,
): Steps<Toy & { paths: toy_path[] }> {
  const made = yield* makeToy(policy, template);
  const added: toy_path[] = [];
  for (const path of paths) added.push(yield* addPath(made.head, path));
  return { ...made, paths: added };
}

/** A head with a live path for each of `paths`, with disks `path0` and so on. */
export function* makeLiveHead(
  paths: readonly ToyPath[] = [usable],
  policy: mpath_iopolicy_e = 0,
  template: mpath_head_template = toyTemplate,
  sectors = 2_048,
): Steps<Toy & { paths: toy_path[] }> {
  const made = yield* makeToy(policy, template, sectors);
  const added: toy_path[] = [];
  for (const [index, path] of paths.entries()) {
    const dev = yield* addPath(made.head, path, yield* makePathDisk(`path${String(index)}`));
    yield* libV1.mpath_device_set_live(made.disk, dev);
    added.push(dev);
  }
  return { ...made, paths: added };
}

/** A live head with one path, after everything has come to rest. */
export function* makeOnePathHead(
  template: mpath_head_template = toyTemplate,
  policy: mpath_iopolicy_e = 0,
): Steps<Toy & { path: toy_path }> {
  const { paths, ...made } = yield* makeLiveHead([usable], policy, template);
  yield* settle();
  return { ...made, path: onlyOf(paths) };
}
