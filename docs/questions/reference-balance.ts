// SPDX-License-Identifier: GPL-2.0-only
import { libV1 } from '@libmultipath/core';
import { device, device_add, type Machine, type Program, type Steps } from '@libmultipath/kernel';
import { print } from './printed.js';

type Head = InstanceType<typeof libV1.mpath_head>;
type Disk = InstanceType<typeof libV1.mpath_disk>;

/** How a driver treats the reference that `mpath_alloc_head()` gave it. */
interface Convention {
  readonly title: string;
  /** After head and disk were allocated. */
  readonly begin?: (head: Head) => Steps<void>;
  /** After the disk was unregistered. */
  readonly end?: (head: Head) => Steps<void>;
}

const conventions: readonly Convention[] = [
  { title: 'the driver hands its reference to the disk and puts nothing' },
  {
    title: 'the driver puts its own reference after unregistering the disk',
    end: (head) => libV1.mpath_put_head(head),
  },
  {
    title: 'the driver takes one reference for the disk, and puts its own at the end',
    *begin(head) {
      yield* libV1.mpath_get_head(head);
    },
    end: (head) => libV1.mpath_put_head(head),
  },
];

/** A head with its disk, as a v1 driver makes them. */
function* make(): Steps<{ head: Head; disk: Disk }> {
  const head = yield* libV1.mpath_alloc_head();
  const disk = yield* libV1.mpath_alloc_head_disk(0);
  if (typeof head === 'number' || disk === null) throw new Error('an allocation failed that cannot');
  disk.mpath_head = head;
  disk.parent = new device('toy');
  yield* device_add(disk.parent);
  return { head, disk };
}

/** A driver that takes its head down while somebody closes the char device, which holds a reference too. */
const program = ({ title, begin, end }: Convention): Program => ({
  name: title,
  make: (machine: Machine) => {
    libV1.mpath_init();
    let made: { head: Head; disk: Disk } | undefined;
    machine.spawn('driver', function* () {
      const { head, disk } = (made = yield* make());
      yield* begin?.(head) ?? nothing();
      yield* libV1.mpath_get_head(head);
      machine.spawn('close', () => libV1.mpath_put_head(head));
      yield* libV1.mpath_unregister_disk(disk);
      yield* end?.(head) ?? nothing();
    });
    return {
      outcome: () => (made?.head.alloc.freed === true && made.disk.alloc.freed ? 'balanced' : 'leak: the head stays'),
    };
  },
});

function* nothing(): Steps<void> {}

/** A driver whose disk could not be allocated, and what it has to do then under the first convention. */
const failed = (puts: boolean): Program => ({
  name: 'failed',
  make: (machine: Machine) => {
    let head: Head | undefined;
    machine.spawn('driver', function* () {
      const made = yield* libV1.mpath_alloc_head();
      if (typeof made === 'number') throw new Error('an allocation failed that cannot');
      head = made;
      if (puts) yield* libV1.mpath_put_head(made);
    });
    return { outcome: () => (head?.alloc.freed === true ? 'balanced' : 'leak: the head stays') };
  },
});

print([
  ...conventions.map((convention) => ({ title: convention.title, program: program(convention) })),
  { title: 'no disk was allocated, and the driver puts nothing', program: failed(false) },
  { title: 'no disk was allocated, and the driver puts its reference', program: failed(true) },
]);
