// SPDX-License-Identifier: GPL-2.0-only

/** Callbacks that come and go together. */
const groups: readonly (readonly string[])[] = [
  ['add_cdev', 'del_cdev', 'cdev_ioctl'],
  ['ioctl_begin', 'ioctl_finish'],
  ['remove_head'],
];

/** What a careless driver may leave out of a template, or not fill in. */
export const omissible: readonly string[] = ['drv_module', ...groups.flatMap(([first]) => first ?? [])];

/** A template without some of its optional callbacks, each with those that belong to it. */
export const without = <T extends object>(template: T, lacks: readonly string[]): T => {
  const gone = new Set(groups.filter((names) => names.some((name) => lacks.includes(name))).flat());
  if (gone.size === 0) return template;
  // Only optional members are taken out.
  return Object.fromEntries(Object.entries(template).filter(([name]) => !gone.has(name))) as T;
};
