// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';

const cString = (text: string): string => text.split('\0', 1)[0] ?? '';

/** Are the two equal but for one newline at the end of one? Kernel: sysfs_streq(). */
export const sysfs_streq = (a: string, b: string): boolean => {
  const [one, other] = [cString(a), cString(b)];
  return one === other || `${one}\n` === other || one === `${other}\n`;
};

const indexIn = (names: readonly (string | null)[], equal: (name: string) => boolean): number => {
  // A NULL ends the array.
  const end = names.indexOf(null);
  const at = names.findIndex((name, i) => (end === -1 || i < end) && name !== null && equal(name));
  return at === -1 ? -E.EINVAL : at;
};

/** Kernel: match_string(). @returns the index of the string, or -EINVAL */
export const match_string = (names: readonly (string | null)[], text: string): number =>
  indexIn(names, (name) => name === cString(text));

/** Kernel: sysfs_match_string(): as match_string(), by sysfs_streq(). */
export const sysfs_match_string = (names: readonly (string | null)[], text: string): number =>
  indexIn(names, (name) => sysfs_streq(name, text));
