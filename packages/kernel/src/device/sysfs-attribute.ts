// SPDX-License-Identifier: GPL-2.0-only
import { capable, CAP_DAC_OVERRIDE } from '../cred/capability.js';
import { E } from '../errno/errno.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import { kobject, type attribute } from './kobject.js';

const isAttribute = (entry: attribute | kobject | undefined): entry is attribute =>
  entry !== undefined && !(entry instanceof kobject);

const find = (kobj: kobject, path: string): attribute | undefined => {
  const [first = '', second] = path.split('/');
  const entry = second === undefined ? kobj.attributes.get(first) : kobj.groups.get(first)?.get(second);
  return kobj.state_in_sysfs && isAttribute(entry) ? entry : undefined;
};

interface Permission {
  /** Bits of the mode of which one is needed, even by root. */
  readonly anybody: number;
  /** The one that a caller without CAP_DAC_OVERRIDE needs. */
  readonly others: number;
}

const READ: Permission = { anybody: 0o444, others: 0o004 };
const WRITE: Permission = { anybody: 0o222, others: 0o002 };

/** Kernel: inode_permission(), and kernfs_fop_open(), which lets nobody open what nobody may. */
const isAllowed = (mode: number, { anybody, others }: Permission): boolean =>
  (mode & anybody) !== 0 && (capable(CAP_DAC_OVERRIDE) || (mode & others) !== 0);

/** Opens an attribute for one call of a method, which holds back its removal. */
function* withAttribute<R>(
  op: string,
  kobj: kobject,
  path: string,
  access: Permission,
  call: (attr: attribute) => Steps<R> | undefined,
): Steps<R | number> {
  const step = makeStep(op, kobj, 'sd', 'update');
  yield step;
  checkLive(kobj);
  const attr = find(kobj, path);
  const allowed = attr !== undefined && isAllowed(attr.mode, access);
  const body = allowed ? call(attr) : undefined;
  if (body === undefined) {
    const error = attr === undefined ? -E.ENOENT : allowed ? -E.EIO : -E.EACCES;
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

/** read(2) of an attribute, `name` or `group/name`. @returns its text or an error of `show`; -ENOENT, -EACCES by the mode, -EIO without `show` */
export const sysfs_read = (kobj: kobject, path: string): Steps<string | number> =>
  withAttribute('sysfs_read', kobj, path, READ, (attr) => attr.show?.());

/** write(2) of an attribute. @returns what `store` gave; -ENOENT, -EACCES by the mode, -EIO without `store` */
export const sysfs_write = (kobj: kobject, path: string, buf: string): Steps<number> =>
  withAttribute<number>('sysfs_write', kobj, path, WRITE, (attr) => attr.store?.(buf));
