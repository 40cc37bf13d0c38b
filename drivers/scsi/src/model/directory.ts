// SPDX-License-Identifier: GPL-2.0-only
import { E, makeStep, sysfs_read, sysfs_write, type kobject, type Steps } from '@libmultipath/driver-kit';

/**
 * Opens a directory of sysfs that others may be removing: who opens it by name finds it or does not, and what is
 * found stays until it is closed.
 * @param parent whose children are looked through
 * @param find the directory among them as they are now
 * @returns what `body` gave; -ENOENT: there is none
 */
function* withFound<T>(
  parent: kobject,
  find: () => kobject | undefined,
  body: (kobj: kobject) => Steps<T>,
): Steps<T | number> {
  yield makeStep('kernfs_lookup', parent, 'sd', 'read', { ordering: 'full' });
  const found = find();
  if (found === undefined) return -E.ENOENT;
  yield makeStep('kernfs_get_active', found, 'sd', 'update', { ordering: 'full' });
  if (found.alloc.freed || !found.state_in_sysfs) return -E.ENOENT;
  found.active++;
  const result = yield* body(found);
  yield makeStep('kernfs_put_active', found, 'sd', 'update', { ordering: 'full' });
  found.active--;
  return result;
}

/** Writes an attribute of it. @returns 0, what the write refused it with, or -ENOENT */
export function* writeFound(
  parent: kobject,
  find: () => kobject | undefined,
  name: string,
  text: string,
): Steps<number> {
  return Math.min(0, yield* withFound(parent, find, (kobj) => sysfs_write(kobj, name, text)));
}

/** Reads one. @returns its text, or -errno */
export const readFound = (parent: kobject, find: () => kobject | undefined, name: string): Steps<string | number> =>
  withFound(parent, find, (kobj) => sysfs_read(kobj, name));
