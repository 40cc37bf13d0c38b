// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { E } from '../errno/errno.js';
import { makeStep } from '../kfn.js';
import type { Step, StepOptions } from '../step.js';
import type { kobject } from './kobject.js';

/** The step of a change of the object's directory, with all that is in it. */
export const changeDirectory = (op: string, kobj: kobject, options: StepOptions = {}): Step =>
  makeStep(op, kobj, 'sd', 'update', options);

/** The same, once no attribute method runs. */
export const drainDirectory = (op: string, kobj: kobject): Step =>
  changeDirectory(op, kobj, { enabled: () => kobj.active === 0 || kobj.alloc.freedAt !== undefined });

/** Kernel: sysfs_warn_dup(). @returns -EEXIST */
export const warnDuplicate = (kobj: kobject, name: string): number => {
  currentMachine().report('double-add', `sysfs: cannot create duplicate filename '${kobj.path}/${name}'`, kobj);
  return -E.EEXIST;
};

/** Is there something of this name in the object's directory? */
export const isTaken = (kobj: kobject, name: string): boolean =>
  kobj.links.has(name) || kobj.attributes.has(name) || kobj.children.has(name) || kobj.groups.has(name);
