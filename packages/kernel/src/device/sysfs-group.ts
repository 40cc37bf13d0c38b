// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { E } from '../errno/errno.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import {
  SYSFS_GROUP_INVISIBLE,
  type attribute,
  type attribute_group,
  type is_visible,
  type kobject,
} from './kobject.js';
import { changeDirectory, drainDirectory, isTaken, warnDuplicate } from './sysfs-directory.js';

/** Mode bits that an attribute may have. */
const MODES = 0o664;

/**
 * Kernel: DEFINE_SYSFS_GROUP_VISIBLE(): a directory that is there or not as a whole, and an
 * answer for each attribute in it.
 */
export const DEFINE_SYSFS_GROUP_VISIBLE =
  (group_visible: (kobj: kobject) => boolean, attr_visible: is_visible): is_visible =>
  (name, kobj, attr, n) =>
    n === 0 && !group_visible(kobj) ? SYSFS_GROUP_INVISIBLE : attr_visible(name, kobj, attr, n);

/** Kernel: DEFINE_SIMPLE_SYSFS_GROUP_VISIBLE(): the same; each attribute has its own mode, so one of mode 0 is not seen. */
export const DEFINE_SIMPLE_SYSFS_GROUP_VISIBLE = (group_visible: (kobj: kobject) => boolean): is_visible =>
  DEFINE_SYSFS_GROUP_VISIBLE(group_visible, (_name, _kobj, attr) => attr.mode);

const visibility = (kobj: kobject, group: attribute_group, name: string, attr: attribute, n: number): number => {
  const visible = group.is_visible?.(name, kobj, attr, n) ?? true;
  return typeof visible === 'number' ? visible : visible ? attr.mode : 0;
};

/** Kernel: __first_visible(): is the group's directory there? */
const hasDirectory = (kobj: kobject, group: attribute_group): boolean => {
  const [first] = Object.entries(group.attrs);
  return first === undefined || (visibility(kobj, group, first[0], first[1], 0) & SYSFS_GROUP_INVISIBLE) === 0;
};

/** Kernel: create_files(): the attributes to be seen, each with its mode. */
const visibleAttributes = (kobj: kobject, group: attribute_group): [string, attribute][] =>
  Object.entries(group.attrs).flatMap(([name, attr], n): [string, attribute][] => {
    const asked = visibility(kobj, group, name, attr, n) & ~SYSFS_GROUP_INVISIBLE;
    if (asked === 0 && group.is_visible !== undefined) return [];
    if ((asked & ~MODES) !== 0) {
      currentMachine().report('warning', `WARNING: Attribute ${name}: Invalid permissions 0${asked.toString(8)}`, kobj);
    }
    const mode = asked & MODES;
    return [[name, mode === attr.mode ? attr : { ...attr, mode }]];
  });

/** Puts attributes beside those of the object; all or none. */
const addToObject = (kobj: kobject, attributes: readonly [string, attribute][]): number => {
  const [added, clash] = [new Map<string, attribute>(), attributes.find(([name]) => isTaken(kobj, name))];
  if (clash !== undefined) return warnDuplicate(kobj, clash[0]);
  for (const [name, attr] of attributes) added.set(name, attr);
  for (const [name, attr] of added) kobj.attributes.set(name, attr);
  return 0;
};

/** Puts a group's attributes in place; no step. @returns 0 or -EEXIST */
export const addGroup = (kobj: kobject, group: attribute_group): number => {
  if (group.name === undefined) return addToObject(kobj, visibleAttributes(kobj, group));
  if (!hasDirectory(kobj, group)) return 0;
  if (isTaken(kobj, group.name)) return warnDuplicate(kobj, group.name);
  kobj.groups.set(group.name, new Map(visibleAttributes(kobj, group)));
  return 0;
};

/** Kernel: sysfs_create_group(). @returns 0, -EINVAL not in sysfs, -EEXIST */
export function* sysfs_create_group(kobj: kobject, group: attribute_group): Steps<number> {
  const step = changeDirectory('sysfs_create_group', kobj);
  yield step;
  checkLive(kobj);
  const error = kobj.state_in_sysfs ? addGroup(kobj, group) : -E.EINVAL;
  step.value = error;
  return error;
}

/** Kernel: sysfs_create_groups(): all of them or none. @returns 0, -EINVAL, -EEXIST */
export function* sysfs_create_groups(kobj: kobject, groups: readonly attribute_group[]): Steps<number> {
  for (const [n, group] of groups.entries()) {
    const error = yield* sysfs_create_group(kobj, group);
    if (error === 0) continue;
    for (const made of groups.slice(0, n).reverse()) yield* sysfs_remove_group(kobj, made);
    return error;
  }
  return 0;
}

const removeAttributes = (kobj: kobject, group: attribute_group): void => {
  for (const name of Object.keys(group.attrs)) kobj.attributes.delete(name);
};

/** Asks `is_visible` again; links in the group stay, unless its directory goes. */
const updateGroup = (kobj: kobject, group: attribute_group): number => {
  if (group.name === undefined) {
    removeAttributes(kobj, group);
    return addGroup(kobj, group);
  }
  const directory = kobj.groups.get(group.name);
  if (directory === undefined) return addGroup(kobj, group);
  if (!hasDirectory(kobj, group)) kobj.groups.delete(group.name);
  for (const name of Object.keys(group.attrs)) directory.delete(name);
  for (const [name, attr] of visibleAttributes(kobj, group)) directory.set(name, attr);
  return 0;
};

/** Kernel: sysfs_update_group(): waits for attribute methods that run. @returns 0, -EINVAL not in sysfs, -EEXIST */
export function* sysfs_update_group(kobj: kobject, group: attribute_group): Steps<number> {
  const step = drainDirectory('sysfs_update_group', kobj);
  yield step;
  checkLive(kobj);
  const error = kobj.state_in_sysfs ? updateGroup(kobj, group) : -E.EINVAL;
  step.value = error;
  return error;
}

/** Kernel: sysfs_remove_group(): waits for attribute methods that run. A named one that is not there is reported. */
export function* sysfs_remove_group(kobj: kobject, group: attribute_group): Steps<void> {
  yield drainDirectory('sysfs_remove_group', kobj);
  checkLive(kobj);
  if (group.name === undefined) removeAttributes(kobj, group);
  else if (!kobj.groups.delete(group.name)) {
    const text = `WARNING: sysfs group '${group.name}' not found for kobject '${kobj.name}'`;
    currentMachine().report('warning', text, kobj);
  }
}
