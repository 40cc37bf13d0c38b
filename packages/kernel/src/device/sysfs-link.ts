// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { E } from '../errno/errno.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import type { kobject } from './kobject.js';
import { changeDirectory, isTaken, warnDuplicate } from './sysfs-directory.js';

/** Kernel: sysfs_create_link(). @returns 0, -EFAULT no directory, -ENOENT target not in sysfs, -EEXIST */
export function* sysfs_create_link(kobj: kobject, target: kobject, name: string): Steps<number> {
  const step = changeDirectory('sysfs_create_link', kobj, { also: [{ object: target, field: 'sd', access: 'read' }] });
  yield step;
  checkLive(kobj);
  checkLive(target);
  let error = 0;
  if (!kobj.state_in_sysfs) error = -E.EFAULT;
  else if (!target.state_in_sysfs) error = -E.ENOENT;
  else if (isTaken(kobj, name)) error = warnDuplicate(kobj, name);
  else kobj.links.set(name, target);
  step.value = error;
  return error;
}

/** Kernel: sysfs_remove_link(). A link that is not there is no error; no directory is reported. */
export function* sysfs_remove_link(kobj: kobject, name: string): Steps<void> {
  yield changeDirectory('sysfs_remove_link', kobj);
  checkLive(kobj);
  if (!kobj.state_in_sysfs) {
    currentMachine().report('warning', `WARNING: kernfs: can not remove '${name}', no directory`, kobj);
  }
  kobj.links.delete(name);
}

/** Kernel: sysfs_add_link_to_group(). @returns 0, -ENOENT no such group or target, -EEXIST */
export function* sysfs_add_link_to_group(kobj: kobject, group: string, target: kobject, name: string): Steps<number> {
  const step = changeDirectory('sysfs_add_link_to_group', kobj, {
    also: [{ object: target, field: 'sd', access: 'read' }],
  });
  yield step;
  checkLive(kobj);
  checkLive(target);
  const directory = kobj.groups.get(group);
  let error = 0;
  if (directory === undefined || !target.state_in_sysfs) error = -E.ENOENT;
  else if (directory.has(name)) error = warnDuplicate(kobj, `${group}/${name}`);
  else directory.set(name, target);
  step.value = error;
  return error;
}

/** Kernel: sysfs_remove_link_from_group(). Without group or link it does nothing. */
export function* sysfs_remove_link_from_group(kobj: kobject, group: string, name: string): Steps<void> {
  yield changeDirectory('sysfs_remove_link_from_group', kobj);
  checkLive(kobj);
  kobj.groups.get(group)?.delete(name);
}
