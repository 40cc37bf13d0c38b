// SPDX-License-Identifier: GPL-2.0-only
import { in_module, kfn, kref_get, makeStep, type KObject, type Steps } from '@libmultipath/kernel';
import { plain_remove_head } from './head.js';
import { path_of } from './path-state.js';
import { plain_put_path } from './paths.js';
import { plain_path, type plain_core, type plain_head } from './structures.js';

/** Callback `ioctl_begin`: the path outlives the SRCU section. */
export const plain_ioctl_begin = kfn('plain_ioctl_begin', function* (dev: KObject): Steps<KObject | null> {
  const path = path_of(dev);
  yield* kref_get(path.ref);
  return path;
});

/** Callback `ioctl_finish`. */
export const plain_ioctl_finish = kfn('plain_ioctl_finish', function* (opaque: KObject): Steps<void> {
  if (opaque instanceof plain_path) yield* plain_put_path(opaque);
});

/** Callback `cdev_ioctl`: asks the hardware. */
export const plain_cdev_ioctl = kfn('plain_cdev_ioctl', function* (dev: KObject): Steps<number> {
  yield makeStep('plain_ioctl', path_of(dev).slot, 'errors', 'read');
  return 0;
});

/** Callback `remove_head`, in the driver's text. */
export const remove_head_in_module = (head: plain_head): Steps<void> =>
  in_module(head.core.this_module, 'plain_remove_head', plain_remove_head(head));

/** The template's members without those that the driver shall lack: pairs go together, as the library wants. */
export const lacking = <T extends object>(template: T, { without }: plain_core): T => {
  const together = [
    ['ioctl_begin', 'ioctl_finish'],
    ['add_cdev', 'del_cdev', 'cdev_ioctl'],
  ];
  const gone = new Set([...without].flatMap((name) => together.find((group) => group.includes(name)) ?? [name]));
  // Members of a template are optional where the driver may leave them out.
  return Object.fromEntries(Object.entries(template).filter(([name]) => !gone.has(name))) as T;
};
