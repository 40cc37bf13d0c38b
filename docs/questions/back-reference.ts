// SPDX-License-Identifier: GPL-2.0-only
import { libV1 } from '@libmultipath/core';
import {
  device,
  device_add,
  KObject,
  load,
  rcu_assign_pointer,
  rcu_dereference,
  srcu_read_lock,
  srcu_read_unlock,
  store,
  type Machine,
  type Program,
  type Steps,
} from '@libmultipath/kernel';
import { print } from './printed.js';

type Head = InstanceType<typeof libV1.mpath_head>;
type Disk = InstanceType<typeof libV1.mpath_disk>;

/** The field that the reviewer misses, beside the head as v1 has it. */
class back_reference extends KObject {
  mpath_disk: Disk | null = null;
}

/** Where the disk comes from for somebody who has the head, as a failover handler has. */
interface Variant {
  readonly title: string;
  /** After the disk was allocated. */
  readonly set: (back: back_reference, disk: Disk) => Steps<void>;
  /** The failed bio is pointed back at the head's disk. */
  readonly failover: (back: back_reference, head: Head) => Steps<void>;
  /** Before the driver unregisters the disk. */
  readonly clear: (back: back_reference, head: Head) => Steps<void>;
}

/** `bio_set_dev(bio, disk->disk->part0)`: what is read of the disk. */
function* use(disk: Disk): Steps<void> {
  yield* load(disk, 'disk');
}

function* nothing(): Steps<void> {}

function* failover(back: back_reference): Steps<void> {
  const disk = yield* load(back, 'mpath_disk');
  if (disk !== null) yield* use(disk);
}

const variants: readonly Variant[] = [
  {
    title: 'a pointer, and no reference',
    set: (back, disk) => store(back, 'mpath_disk', disk),
    failover,
    clear: nothing,
  },
  {
    title: 'a pointer that is cleared first, and no reference',
    set: (back, disk) => store(back, 'mpath_disk', disk),
    failover,
    clear: (back) => store(back, 'mpath_disk', null),
  },
  {
    title: 'a pointer with a reference on the disk, put when the head is freed',
    *set(back, disk) {
      disk.ref.refcount.refs++;
      yield* store(back, 'mpath_disk', disk);
    },
    failover,
    clear: nothing,
  },
  {
    title: "a pointer that is read inside the head's SRCU section, cleared and waited for first",
    set: (back, disk) => rcu_assign_pointer(back, 'mpath_disk', disk),
    *failover(back, head) {
      const idx = yield* srcu_read_lock(head.srcu);
      const disk = yield* rcu_dereference(back, 'mpath_disk');
      if (disk !== null) yield* use(disk);
      yield* srcu_read_unlock(head.srcu, idx);
    },
    *clear(back, head) {
      yield* rcu_assign_pointer(back, 'mpath_disk', null);
      yield* libV1.mpath_synchronize(head);
    },
  },
];

/** A failover that holds the head, against the driver that takes head and disk down. */
const program = (variant: Variant): Program => ({
  name: variant.title,
  make: (machine: Machine) => {
    libV1.mpath_init();
    const back = new back_reference();
    let made: readonly [Head, Disk] | undefined;
    machine.spawn('driver', function* () {
      const head = yield* libV1.mpath_alloc_head();
      const disk = yield* libV1.mpath_alloc_head_disk(0);
      if (typeof head === 'number' || disk === null) throw new Error('an allocation failed that cannot');
      made = [head, disk];
      disk.mpath_head = head;
      disk.parent = new device('toy');
      yield* device_add(disk.parent);
      yield* variant.set(back, disk);
      yield* libV1.mpath_get_head(head);
      machine.spawn('failover', function* () {
        yield* variant.failover(back, head);
        yield* libV1.mpath_put_head(head);
      });
      yield* variant.clear(back, head);
      yield* libV1.mpath_unregister_disk(disk);
    });
    const isBalanced = (): boolean => made?.every(({ alloc }) => alloc.freed) === true;
    return {
      // Who was killed by an oops puts nothing any more: that is no leak of the variant.
      outcome: () => (machine.reports.length > 0 || isBalanced() ? 'balanced' : 'leak: each keeps the other'),
    };
  },
});

print(variants.map((variant) => ({ title: variant.title, program: program(variant) })));
