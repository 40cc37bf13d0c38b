// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_t,
  bio,
  bio_endio,
  blk_mq_alloc_disk,
  BLK_STS_OK,
  device,
  device_add,
  device_add_disk,
  GENHD_FL_HIDDEN,
  kblockd,
  Machine,
  set_capacity,
  settle,
  virtualTime,
  type gendisk,
  type NumaTopology,
  type Steps,
} from '@libmultipath/kernel';
import { mpath_iopolicy, type mpath_access_state, type mpath_iopolicy_e } from '../constants.js';
import { libV3, type LibV3 } from '../v3/make-v3.js';
import { mpath_device, type mpath_head } from '../v3/structures.js';
import type { mpath_head_template } from '../v3/template.js';

/** One path of the smallest driver that tests can steer. */
export interface ToyPath {
  readonly disabled: boolean;
  readonly available: boolean;
  readonly state: mpath_access_state;
  readonly node: number;
  readonly depth: number;
}

/** A path that gets I/O. */
export const usable: ToyPath = { disabled: false, available: true, state: 0, node: -1, depth: 0 };

export class toy_path extends mpath_device {
  disabled = false;
  available = true;
  readonly depth = new atomic_t(this);
}

/* Plain fields without steps: the toy's own locking is not what is tested. */
const toy = (dev: mpath_device): toy_path => {
  if (!(dev instanceof toy_path)) throw new TypeError('a path of the toy driver was expected');
  return dev;
};

export const toyTemplate: mpath_head_template = {
  *available_path(dev) {
    return toy(dev).available;
  },
  *is_disabled(dev) {
    return toy(dev).disabled;
  },
  *is_optimized(dev) {
    return dev.access_state === 0 && !toy(dev).disabled;
  },
};

/** The disk of a path: hidden, added, and done with each bio at once. */
export function* makePathDisk(name: string): Steps<gendisk> {
  const disk = yield* blk_mq_alloc_disk(0);
  disk.disk_name = name;
  disk.flags |= GENHD_FL_HIDDEN;
  disk.fops = { queue_bio: (what) => bio_endio(what) };
  yield* device_add_disk(null, disk);
  return disk;
}

/** The toy driver on one library: v3, or something made of its parts. */
export const toyOn = (lib: LibV3) => {
  /** A head that the library has initialised and the driver filled in; no disk yet. */
  function* initHead(
    policy: mpath_iopolicy_e = 0,
    template: mpath_head_template = toyTemplate,
    head: mpath_head = new lib.mpath_head(),
  ): Steps<mpath_head> {
    lib.mpath_init();
    kblockd();
    yield* lib.mpath_head_init(head);
    head.mpdt = template;
    head.iopolicy = new mpath_iopolicy();
    head.iopolicy.value = policy;
    head.parent = new device('toy');
    yield* device_add(head.parent);
    head.disk_groups = [lib.mpath_attr_group];
    return head;
  }

  /** Adds a path that is not live yet. */
  function* addPath(head: mpath_head, path: ToyPath = usable, disk: gendisk | null = null): Steps<toy_path> {
    const dev = new toy_path();
    dev.disabled = path.disabled;
    dev.available = path.available;
    dev.access_state = path.state;
    dev.depth.counter = path.depth;
    yield* lib.mpath_add_device(dev, head, disk, path.node, dev.depth);
    return dev;
  }

  /** A head with its disk allocated and the given paths on its list, none of them live yet and none with a disk. */
  function* makeHead(
    paths: readonly ToyPath[],
    policy: mpath_iopolicy_e,
    template: mpath_head_template = toyTemplate,
  ): Steps<{ head: mpath_head; paths: toy_path[] }> {
    const head = yield* initHead(policy, template);
    yield* lib.mpath_alloc_head_disk(head, 0);
    const made: toy_path[] = [];
    for (const path of paths) made.push(yield* addPath(head, path));
    return { head, paths: made };
  }

  /** A head with a disk `toy0` of 1 MiB and a live path for each of `paths`, with disks `path0` and so on. */
  function* makeLiveHead(
    paths: readonly ToyPath[] = [usable],
    policy: mpath_iopolicy_e = 0,
    template: mpath_head_template = toyTemplate,
  ): Steps<{ head: mpath_head; disk: gendisk; paths: toy_path[] }> {
    const head = yield* initHead(policy, template);
    yield* lib.mpath_alloc_head_disk(head, 0);
    const { disk } = head;
    if (disk === null) throw new Error('the head has no disk');
    disk.disk_name = 'toy0';
    yield* set_capacity(disk, 2_048);
    const made: toy_path[] = [];
    for (const [index, path] of paths.entries()) {
      const dev = yield* addPath(head, path, yield* makePathDisk(`path${String(index)}`));
      yield* lib.mpath_device_set_live(dev);
      made.push(dev);
    }
    return { head, disk, paths: made };
  }

  /** A live head with one path, after everything has come to rest. */
  function* makeOnePathHead(): Steps<{ head: mpath_head; disk: gendisk; path: toy_path }> {
    const { head, disk, paths } = yield* makeLiveHead();
    yield* settle();
    return { head, disk, path: onlyPath(paths) };
  }

  return { initHead, addPath, makeHead, makeLiveHead, makeOnePathHead };
};

/** The toy driver on v3. */
export const { initHead, addPath, makeHead, makeLiveHead, makeOnePathHead } = toyOn(libV3);

/** The path of a head that was made with one. */
export const onlyPath = ([path]: readonly toy_path[]): toy_path => {
  if (path === undefined) throw new Error('no path');
  return path;
};

/** A bio for the disk; its end is put on `ended` as `ok` or the block status. */
export const newBio = (disk: gendisk, ended: string[], sector = 0): bio =>
  new bio({
    bi_bdev: disk.part0,
    bi_sector: sector,
    *bi_end_io({ bi_status }) {
      ended.push(`${String(sector)}: ${bi_status === BLK_STS_OK ? 'ok' : bi_status}`);
    },
  });

/** Runs a body as the only user task, on virtual time, and gives what it returned. */
export const runAlone = <T>(body: () => Steps<T>, numa?: NumaTopology, cpu = 0): { value: T; machine: Machine } => {
  const machine = new Machine(numa === undefined ? {} : { numa });
  let result: { value: T } | undefined;
  machine.spawn(
    'test',
    function* () {
      result = { value: yield* body() };
    },
    { cpu },
  );
  machine.run(virtualTime());
  if (result === undefined) {
    throw new Error(`the body did not end: ${machine.reports.map(({ message }) => message).join('; ')}`);
  }
  return { value: result.value, machine };
};
