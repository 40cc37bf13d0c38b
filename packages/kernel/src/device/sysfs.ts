// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { E } from '../errno/errno.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import type { Step, StepOptions, Steps } from '../step.js';
import { kobject, type attribute, type attribute_group } from './kobject.js';

const change = (op: string, kobj: kobject, options: StepOptions = {}): Step =>
  makeStep(op, kobj, 'sd', 'update', options);

/** Kernel: sysfs_warn_dup(). */
const duplicate = (kobj: kobject, name: string): number => {
  currentMachine().report('double-add', `sysfs: cannot create duplicate filename '${kobj.path}/${name}'`, kobj);
  return -E.EEXIST;
};

const taken = (kobj: kobject, name: string): boolean =>
  kobj.links.has(name) || kobj.attributes.has(name) || kobj.children.has(name) || kobj.groups.has(name);

/** Kernel: sysfs_create_link(). @returns 0, -EFAULT no directory, -ENOENT target not in sysfs, -EEXIST */
export function* sysfs_create_link(kobj: kobject, target: kobject, name: string): Steps<number> {
  const step = change('sysfs_create_link', kobj, { also: [{ object: target, field: 'sd', access: 'read' }] });
  yield step;
  checkLive(kobj);
  checkLive(target);
  let error = 0;
  if (!kobj.state_in_sysfs) error = -E.EFAULT;
  else if (!target.state_in_sysfs) error = -E.ENOENT;
  else if (taken(kobj, name)) error = duplicate(kobj, name);
  else kobj.links.set(name, target);
  step.value = error;
  return error;
}

/** Kernel: sysfs_remove_link(). A link that is not there is no error. */
export function* sysfs_remove_link(kobj: kobject, name: string): Steps<void> {
  yield change('sysfs_remove_link', kobj);
  checkLive(kobj);
  kobj.links.delete(name);
}

/** Kernel: sysfs_add_link_to_group(). @returns 0, -ENOENT no such group or target, -EEXIST */
export function* sysfs_add_link_to_group(kobj: kobject, group: string, target: kobject, name: string): Steps<number> {
  const step = change('sysfs_add_link_to_group', kobj, { also: [{ object: target, field: 'sd', access: 'read' }] });
  yield step;
  checkLive(kobj);
  checkLive(target);
  const directory = kobj.groups.get(group);
  let error = 0;
  if (directory === undefined || !target.state_in_sysfs) error = -E.ENOENT;
  else if (directory.has(name)) error = duplicate(kobj, `${group}/${name}`);
  else directory.set(name, target);
  step.value = error;
  return error;
}

/** Kernel: sysfs_remove_link_from_group(). Without group or link it does nothing. */
export function* sysfs_remove_link_from_group(kobj: kobject, group: string, name: string): Steps<void> {
  yield change('sysfs_remove_link_from_group', kobj);
  checkLive(kobj);
  kobj.groups.get(group)?.delete(name);
}

/** Puts a group's attributes in place; no step. @returns 0 or -EEXIST */
export const addGroup = (kobj: kobject, group: attribute_group): number => {
  const visible = Object.entries(group.attrs).filter(([name]) => group.is_visible?.(name) ?? true);
  if (group.name === undefined) {
    for (const [name, attr] of visible) {
      if (taken(kobj, name)) return duplicate(kobj, name);
      kobj.attributes.set(name, attr);
    }
    return 0;
  }
  if (taken(kobj, group.name)) return duplicate(kobj, group.name);
  kobj.groups.set(group.name, new Map(visible));
  return 0;
};

/** Kernel: sysfs_create_group(). @returns 0, -EINVAL not in sysfs, -EEXIST */
export function* sysfs_create_group(kobj: kobject, group: attribute_group): Steps<number> {
  const step = change('sysfs_create_group', kobj);
  yield step;
  checkLive(kobj);
  const error = kobj.state_in_sysfs ? addGroup(kobj, group) : -E.EINVAL;
  step.value = error;
  return error;
}

/** Kernel: sysfs_remove_group(): waits for attribute methods that run. */
export function* sysfs_remove_group(kobj: kobject, group: attribute_group): Steps<void> {
  yield change('sysfs_remove_group', kobj, { enabled: () => kobj.active === 0 || kobj.alloc.freedAt !== undefined });
  checkLive(kobj);
  if (group.name === undefined) for (const name of Object.keys(group.attrs)) kobj.attributes.delete(name);
  else kobj.groups.delete(group.name);
}

const isAttribute = (entry: attribute | kobject | undefined): entry is attribute =>
  entry !== undefined && !(entry instanceof kobject);

const find = (kobj: kobject, path: string): attribute | undefined => {
  const [first = '', second] = path.split('/');
  const entry = second === undefined ? kobj.attributes.get(first) : kobj.groups.get(first)?.get(second);
  return kobj.state_in_sysfs && isAttribute(entry) ? entry : undefined;
};

/** Opens an attribute for one call of a method, which holds back its removal. */
function* withAttribute<R>(
  op: string,
  kobj: kobject,
  path: string,
  call: (attr: attribute) => Steps<R> | undefined,
): Steps<R | number> {
  const step = makeStep(op, kobj, 'sd', 'update');
  yield step;
  checkLive(kobj);
  const attr = find(kobj, path);
  const body = attr === undefined ? undefined : call(attr);
  if (body === undefined) {
    const error = attr === undefined ? -E.ENOENT : -E.EIO;
    step.value = error;
    return error;
  }
  kobj.active++;
  const result = yield* body;
  yield makeStep(`${op}_end`, kobj, 'sd', 'update');
  checkLive(kobj);
  kobj.active--;
  return result;
}

/** read(2) of an attribute, `name` or `group/name`. @returns its text, -ENOENT, or -EIO without `show` */
export const sysfs_read = (kobj: kobject, path: string): Steps<string | number> =>
  withAttribute('sysfs_read', kobj, path, (attr) => attr.show?.());

/** write(2) of an attribute. @returns what `store` gave, -ENOENT, or -EIO without `store` */
export const sysfs_write = (kobj: kobject, path: string, buf: string): Steps<number> =>
  withAttribute<number>('sysfs_write', kobj, path, (attr) => attr.store?.(buf));
