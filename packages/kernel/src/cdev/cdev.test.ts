// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { device, device_add, put_device } from '../device/device.js';
import { E } from '../errno/errno.js';
import { kfree } from '../memory/alloc.js';
import { module } from '../module/module.js';
import { KObject } from '../object.js';
import type { Steps } from '../step.js';
import { everyTrace } from '../testing/every-trace.js';
import { one } from '../testing/one.js';
import { cdev_del, cdev_device_add, cdev_device_del, cdev_init } from './cdev-add.js';
import { cdev, MKDEV } from './cdev.js';
import { filp_open } from './chrdev-open.js';
import {
  compat_ptr_ioctl,
  compat_sys_ioctl,
  type file,
  FMODE_READ,
  FMODE_WRITE,
  fput,
  get_file,
  vfs_ioctl,
  type file_operations,
} from './file.js';

const DEVT = MKDEV(240, 1);

/** A driver's structure with a character device in it, and the counts of its methods. */
class driver_head extends KObject {
  readonly cdev = new cdev(this);
  readonly cdev_device: device;
  opens = 0;

  constructor(name = 'ng0n1') {
    super();
    this.cdev_device = new device(name, null, this);
    this.cdev_device.devt = DEVT;
  }
}

function* added(fops: file_operations = {}, owner: module | null = null): Steps<driver_head> {
  const head = new driver_head();
  yield* cdev_init(head.cdev, fops);
  head.cdev.owner = owner;
  expect(yield* cdev_device_add(head.cdev, head.cdev_device)).toBe(0);
  return head;
}

function* opened(mode = FMODE_READ): Steps<file> {
  const f = yield* filp_open(DEVT, mode);
  if (typeof f === 'number') throw new Error(`open gave ${String(f)}`);
  return f;
}

it('opens, serves and closes: the driver sees node and file, and the module is pinned for the time', () => {
  const { reports } = one(function* () {
    const owner = new module('m');
    const calls: unknown[] = [];
    const head = yield* added(
      {
        owner,
        *open(node, f) {
          f.private_data = node.i_cdev?.container ?? null;
          calls.push(`open ${String(f.f_mode)}`);
          return 0;
        },
        *release(node, f) {
          calls.push(`release ${String(node.i_cdev?.container === f.private_data)}`);
        },
        *unlocked_ioctl(f, cmd, arg) {
          calls.push([f.private_data, cmd, arg]);
          return cmd === 9 ? -E.ENOIOCTLCMD : 1;
        },
        compat_ioctl: compat_ptr_ioctl,
      },
      owner,
    );
    expect(owner.refcnt).toBe(0);
    const f = yield* opened(FMODE_READ | FMODE_WRITE);
    const again = yield* opened();
    expect([owner.refcnt, head.cdev.kref.refcount.refs]).toEqual([4, 3]);
    expect(yield* vfs_ioctl(f, 5, 'arg')).toBe(1);
    expect(yield* compat_sys_ioctl(f, 6, 'arg')).toBe(1);
    expect([yield* vfs_ioctl(f, 9, 0), yield* compat_sys_ioctl(f, 9, 0)]).toEqual([-25, -25]);
    yield* get_file(f);
    yield* fput(f);
    expect(f.alloc.freed).toBe(false);
    yield* fput(f);
    yield* fput(again);
    expect([owner.refcnt, head.cdev.kref.refcount.refs, f.alloc.freed]).toEqual([0, 1, true]);
    expect(calls.slice(0, 4)).toEqual(['open 3', 'open 1', [head, 5, 'arg'], [head, 6, 'arg']]);
    expect(calls.slice(-2)).toEqual(['release true', 'release true']);
  });
  expect(reports).toEqual([]);
});

it('has no ioctl where the driver has none', () => {
  one(function* () {
    yield* added({ compat_ioctl: compat_ptr_ioctl });
    const f = yield* opened();
    expect([yield* vfs_ioctl(f, 1, 0), yield* compat_sys_ioctl(f, 1, 0)]).toEqual([-25, -25]);
    f.f_op = {};
    expect(yield* compat_sys_ioctl(f, 1, 0)).toBe(-25);
  });
});

it('gives back all references of an open that fails, and finds nothing where there is nothing', () => {
  const { reports } = one(function* () {
    expect(yield* filp_open(DEVT)).toBe(-2);
    const owner = new module('m');
    const head = yield* added(
      {
        owner,
        *open() {
          return -E.ENXIO;
        },
      },
      owner,
    );
    expect(yield* filp_open(DEVT)).toBe(-6);
    expect([owner.refcnt, head.cdev.kref.refcount.refs]).toEqual([0, 1]);
    owner.state = 'going';
    expect(yield* filp_open(DEVT)).toBe(-6);
    head.cdev.owner = null;
    expect(yield* filp_open(DEVT)).toBe(-6);
    expect(head.cdev.kref.refcount.refs).toBe(1);
    yield* cdev_device_del(head.cdev, head.cdev_device);
    expect(yield* filp_open(DEVT)).toBe(-2);
  });
  expect(reports).toEqual([]);
});

it('keeps the device of a deleted cdev until the last file is closed', () => {
  const { machine, reports } = one(function* () {
    const head = yield* added();
    let released = 0;
    head.cdev_device.release = function* () {
      released++;
      yield* kfree(head);
    };
    const f = yield* opened();
    yield* cdev_device_del(head.cdev, head.cdev_device);
    yield* put_device(head.cdev_device);
    expect([released, head.alloc.freed]).toEqual([0, false]);
    yield* fput(f);
    expect([released, head.alloc.freed]).toEqual([1, true]);
  });
  expect(reports).toEqual([]);
  expect(machine.uevents.map(({ action }) => action)).toEqual(['add', 'remove']);
});

it('faults when the memory around an open cdev goes with a reference of the driver that release drops', () => {
  const { reports } = one(function* () {
    const holder: { head: driver_head | null } = { head: null };
    const head = yield* added({
      *release() {
        yield* kfree(holder.head);
      },
    });
    holder.head = head;
    const f = yield* opened();
    yield* cdev_device_del(head.cdev, head.cdev_device);
    yield* fput(f);
  });
  expect(reports).toEqual(['use-after-free: KASAN: slab-use-after-free in cdev_put']);
});

it('adds a device without a number as a device only, and takes the cdev back when the device fails', () => {
  const { reports } = one(function* () {
    const head = new driver_head();
    head.cdev_device.devt = 0;
    yield* cdev_init(head.cdev, {});
    expect(yield* cdev_device_add(head.cdev, head.cdev_device)).toBe(0);
    expect(yield* filp_open(DEVT)).toBe(-2);
    yield* cdev_device_del(head.cdev, head.cdev_device);
    expect(head.cdev.kref.refcount.refs).toBe(1);

    const parent = new device('parent');
    yield* device_add(parent);
    yield* device_add(new device('ng0n1', parent));
    const second = new driver_head();
    second.cdev_device.parent = parent;
    yield* cdev_init(second.cdev, {});
    expect(yield* cdev_device_add(second.cdev, second.cdev_device)).toBe(-17);
    expect([second.cdev.kref.refcount.refs, second.cdev_device.kref.refcount.refs]).toEqual([0, 1]);
  });
  expect(reports).toEqual(["double-add: sysfs: cannot create duplicate filename '/ng0n1'"]);
});

it('uncovers the older cdev of a number when the newer goes', () => {
  one(function* () {
    const older = yield* added({ open: () => opens('older') });
    const newer = yield* added({ open: () => opens('newer') });
    const seen: string[] = [];
    const opens = function* (name: string): Steps<number> {
      seen.push(name);
      return 0;
    };
    yield* opened();
    yield* cdev_device_del(newer.cdev, newer.cdev_device);
    expect(yield* filp_open(DEVT)).toBe(-2);
    yield* cdev_del(older.cdev);
    expect(seen).toEqual(['newer']);
  });
});

it('either opens before the device goes or not, with every reference back in the end, in every schedule', () => {
  const seen = new Set<string>();
  everyTrace(
    (machine) => {
      machine.spawn('boot', function* () {
        const head = yield* added();
        machine.globals.set('head', head);
        head.cdev_device.release = () => kfree(head);
        machine.spawn('open', function* () {
          const f = yield* filp_open(DEVT);
          seen.add(typeof f === 'number' ? String(f) : 'open');
          if (typeof f !== 'number') yield* fput(f);
        });
        yield* cdev_device_del(head.cdev, head.cdev_device);
        yield* put_device(head.cdev_device);
      });
    },
    ({ end, reports, machine }) => {
      expect([end, reports]).toEqual(['finished', []]);
      expect(machine.globals.get('head')).toMatchObject({ alloc: { freed: true } });
    },
  );
  expect([...seen].sort()).toEqual(['-2', '-6', 'open']);
});

it('makes one of two first opens drop what it found, in every schedule', () => {
  everyTrace(
    (machine) => {
      machine.spawn('boot', function* () {
        const head = yield* added();
        machine.globals.set('head', head);
        for (const name of ['a', 'b']) {
          machine.spawn(name, function* () {
            yield* opened();
          });
        }
      });
    },
    ({ end, reports, machine }) => {
      expect([end, reports]).toEqual(['finished', []]);
      expect(machine.globals.get('head')).toMatchObject({ cdev: { kref: { refcount: { refs: 3 } } } });
    },
  );
});
