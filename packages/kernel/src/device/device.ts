// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { E } from '../errno/errno.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { KObject } from '../object.js';
import type { Named, NoSteps } from '../printk/printk.js';
import { kref, kref_get, kref_put } from '../refcount/kref.js';
import type { Steps } from '../step.js';
import { kobject, type attribute_group } from './kobject.js';
import { addGroup } from './sysfs-group.js';

/** Kernel: struct device. Its reference count starts at 1, as after device_initialize(). */
export class device extends KObject implements Named {
  readonly kobj: kobject;
  readonly kref: kref;
  driver_data: KObject | null = null;
  groups: readonly attribute_group[] = [];
  /** Number of its device node (MKDEV()); 0: it has none. */
  devt = 0;
  /** Runs for the last put. */
  release: ((dev: device) => Steps<void>) | null = null;
  /** What messages name the driver or bus by, e.g. `nvme`. */
  subsystem = '';

  constructor(
    name: string,
    public parent: device | null = null,
    container?: KObject,
  ) {
    super(container);
    this.kobj = new kobject(this, name);
    this.kref = new kref(this, 1);
  }

  get name(): string {
    return this.kobj.name;
  }

  set name(name: string) {
    this.kobj.name = name;
  }

  get printName(): string {
    return this.subsystem === '' ? this.name : `${this.subsystem} ${this.name}`;
  }
}

/** Kernel: kobject_uevent(); nothing where that is suppressed. Appends to the machine's log of uevents: no step, with or without yield*. */
export const kobject_uevent = (kobj: kobject, action: string): NoSteps => {
  if (!kobj.uevent_suppress) currentMachine().uevents.push({ action, path: kobj.path });
  return [];
};

/** Kernel: device_add(): directory, attributes and uevent. @returns 0 or -EEXIST */
export function* device_add(dev: device): Steps<number> {
  const parent = dev.parent?.kobj ?? null;
  const step = makeStep('device_add', dev.kobj, 'sd', 'update', {
    ...(parent === null ? {} : { also: [{ object: parent, field: 'sd', access: 'update' }] }),
  });
  yield step;
  checkLive(dev);
  const { kobj } = dev;
  const error =
    kobj.state_in_sysfs || parent?.children.has(kobj.name) === true ? duplicateDevice(dev) : enter(dev, parent);
  if (error === 0) kobject_uevent(kobj, 'add');
  step.value = error;
  return error;
}

const duplicateDevice = (dev: device): number => {
  const { kobj } = dev;
  currentMachine().report('double-add', `sysfs: cannot create duplicate filename '${kobj.path}'`, dev);
  return -E.EEXIST;
};

const enter = (dev: device, parent: kobject | null): number => {
  const { kobj } = dev;
  if (parent !== null) checkLive(parent);
  kobj.parent = parent;
  kobj.state_in_sysfs = true;
  parent?.children.set(kobj.name, kobj);
  for (const group of dev.groups) {
    const error = addGroup(kobj, group);
    if (error === 0) continue;
    leave(kobj);
    return error;
  }
  return 0;
};

/** Nothing of the object is left in sysfs. */
const leave = (kobj: kobject): void => {
  kobj.state_in_sysfs = false;
  kobj.parent?.children.delete(kobj.name);
  kobj.attributes.clear();
  kobj.groups.clear();
  kobj.links.clear();
};

/**
 * Kernel: device_del(): uevent; waits for running attribute methods; then all is gone from sysfs.
 * @returns was it there? The kernel gives nothing, and does not come back where it was not.
 */
export function* device_del(dev: device): Steps<boolean> {
  const { kobj } = dev;
  const { parent } = kobj;
  yield makeStep('device_del', kobj, 'sd', 'update', {
    enabled: () => kobj.active === 0 || kobj.alloc.freedAt !== undefined,
    tells: () => kobj.state_in_sysfs,
    ...(parent === null ? {} : { also: [{ object: parent, field: 'sd', access: 'update' }] }),
  });
  checkLive(dev);
  if (!kobj.state_in_sysfs) {
    // The kernel follows pointers here that device_add() would have set.
    currentMachine().report('stale-state', `WARNING: device_del: ${dev.name || 'a device'} was never added`, dev);
    return false;
  }
  kobject_uevent(kobj, 'remove');
  leave(kobj);
  return true;
}

/** Kernel: get_device(). */
export const get_device = (dev: device): Steps<void> => kref_get(dev.kref);

/** Kernel: put_device(): `release` runs for the last reference. */
export function* put_device(dev: device): Steps<void> {
  yield* kref_put(dev.kref, function* () {
    if (dev.release !== null) yield* dev.release(dev);
  });
}
