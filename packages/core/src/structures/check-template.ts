// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../errors.js';

/** The members of one revision's template, by name. */
export interface TemplateShape {
  readonly revision: string;
  /** Called without being tested for. */
  readonly mandatory: readonly string[];
  readonly optional: readonly string[];
  /** Members that come all or none. */
  readonly together: readonly (readonly string[])[];
  /** Members that are data, not functions. */
  readonly data: readonly string[];
}

/** What v2 and v3 have in common. */
export const membersSinceV2: Pick<TemplateShape, 'optional' | 'together' | 'data'> = {
  optional: [
    'remove_head',
    'add_cdev',
    'del_cdev',
    'cdev_ioctl',
    'ioctl_begin',
    'ioctl_finish',
    'chr_uring_cmd',
    'chr_uring_cmd_iopoll',
    'clone_bio',
  ],
  together: [
    ['ioctl_begin', 'ioctl_finish'],
    ['add_cdev', 'del_cdev', 'cdev_ioctl'],
  ],
  // Nobody reads it since v2.
  data: ['device_groups'],
};

/**
 * Finds out, before anything runs, what the kernel would only find while running.
 * @throws LMP-102 a mandatory callback is missing; LMP-103 half a pair; LMP-104 an unknown
 *   member, or one that is no function
 */
export const checkTemplate = (template: Readonly<Record<string, unknown>>, shape: TemplateShape): void => {
  const where = `mpath_head_template of ${shape.revision}`;
  const known = [...shape.mandatory, ...shape.optional, ...shape.data];
  const present = Object.keys(template).filter((name) => template[name] !== undefined);
  for (const name of present) {
    if (!known.includes(name)) {
      throw errors.fail('LMP-104', {
        message: `expected members out of ${known.join(', ')}; found ${name}`,
        where,
        todo: 'take it out, or give it to the revision that has it',
      });
    }
    if (!shape.data.includes(name) && typeof template[name] !== 'function') {
      throw errors.fail('LMP-104', {
        message: `expected ${name} to be a function, found ${typeof template[name]}`,
        where,
        todo: 'give a generator function',
      });
    }
  }
  const missing = shape.mandatory.find((name) => !present.includes(name));
  if (missing !== undefined) {
    throw errors.fail('LMP-102', { message: `expected ${missing}, found none`, where, todo: `write ${missing}` });
  }
  for (const group of shape.together) {
    const there = group.filter((name) => present.includes(name));
    if (there.length === 0 || there.length === group.length) continue;
    const absent = group.filter((name) => !present.includes(name));
    throw errors.fail('LMP-103', {
      message: `expected ${group.join(' and ')}, all or none; ${absent.join(' and ')} missing`,
      where,
      todo: `write ${absent.join(' and ')}, or take out ${there.join(' and ')}`,
    });
  }
};
