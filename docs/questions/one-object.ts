// SPDX-License-Identifier: GPL-2.0-only
import { libFixed, libV1, libV2, libV3, mpath_iopolicy, type LibV3 } from '@libmultipath/core';
import {
  device,
  device_add,
  kfree,
  kfn,
  type block_device_operations,
  type gendisk,
  type KObject,
  type Machine,
  type Program,
  type Steps,
} from '@libmultipath/kernel';
import { print } from './printed.js';

/** A head with a disk that a user has open, on one revision. */
interface Made {
  readonly head: KObject;
  readonly disk: gendisk;
  /** Takes both down, as a driver of that revision does. */
  readonly teardown: () => Steps<void>;
}

function* parent(): Steps<device> {
  const made = new device('toy');
  yield* device_add(made);
  return made;
}

const missing = (): never => {
  throw new Error('an allocation failed that cannot');
};

function* makeV1(): Steps<Made> {
  const head = yield* libV1.mpath_alloc_head();
  const disk = yield* libV1.mpath_alloc_head_disk(0);
  if (typeof head === 'number' || disk === null) return missing();
  disk.mpath_head = head;
  disk.parent = yield* parent();
  return { head, disk: disk.disk ?? missing(), teardown: () => libV1.mpath_unregister_disk(disk) };
}

function* makeV2(): Steps<Made> {
  const allocated = yield* libV2.mpath_alloc_head();
  const head = typeof allocated === 'number' ? missing() : allocated;
  head.parent = yield* parent();
  head.disk_groups = [];
  head.mpdt = {
    *available_path() {
      return false;
    },
    *is_disabled() {
      return true;
    },
    *is_optimized() {
      return false;
    },
    *get_nr_active() {
      return 0;
    },
    *get_iopolicy() {
      return 0;
    },
  };
  if ((yield* libV2.mpath_alloc_head_disk(head, 0)) !== 0) return missing();
  function* teardown(): Steps<void> {
    yield* libV2.mpath_remove_disk(head);
    yield* libV2.mpath_put_disk(head);
    yield* libV2.mpath_put_head(head);
  }
  return { head, disk: head.disk ?? missing(), teardown };
}

const free_head = kfn('driver_free_head', function* (lib: LibV3, head: InstanceType<LibV3['mpath_head']>): Steps<void> {
  yield* lib.mpath_put_disk(head);
  yield* lib.mpath_head_uninit(head);
  yield* kfree(head);
});

const makeOn = (lib: LibV3) =>
  function* (): Steps<Made> {
    const head = new lib.mpath_head();
    yield* lib.mpath_head_init(head);
    head.parent = yield* parent();
    head.disk_groups = [];
    head.iopolicy = new mpath_iopolicy();
    head.mpdt = {
      *available_path() {
        return false;
      },
      *is_disabled() {
        return true;
      },
      *is_optimized() {
        return false;
      },
    };
    if ((yield* lib.mpath_alloc_head_disk(head, 0)) !== 0) return missing();
    function* teardown(): Steps<void> {
      yield* lib.mpath_remove_disk(head);
      yield* free_head(lib, head);
    }
    return { head, disk: head.disk ?? missing(), teardown };
  };

const opened = ({ open }: block_device_operations, disk: gendisk): Steps<number> => open?.(disk, 0) ?? missing();
const closed = ({ release }: block_device_operations, disk: gendisk): Steps<void> => release?.(disk) ?? missing();

/** The driver takes its head down while a user has the disk open, who closes it at some time or never. */
const program = (make: () => Steps<Made>, closes: boolean): Program => ({
  name: 'teardown against a user',
  make: (machine: Machine) => {
    let made: Made | undefined;
    machine.spawn('driver', function* () {
      const { disk, teardown } = (made = yield* make());
      const { fops } = disk;
      yield* opened(fops, disk);
      if (closes) machine.spawn('user', () => closed(fops, disk));
      yield* teardown();
    });
    return {
      outcome: () =>
        made?.head.alloc.freed === true ? 'balanced' : 'teardown is done, and the head stays for the user',
    };
  },
});

const revisions = [
  ['v1, two objects', makeV1],
  ['v2, one object on the heap', makeV2],
  ['v3, one object in the driver’s own', makeOn(libV3)],
  ['fixed', makeOn(libFixed)],
] as const;

print(
  revisions.flatMap(([title, make]) => [
    { title: `${title}: the user closes the disk meanwhile`, program: program(make, true) },
    { title: `${title}: the user never closes the disk`, program: program(make, false) },
  ]),
);
