// SPDX-License-Identifier: GPL-2.0-only

/** The element of a list that was made with one. */
export const onlyOf = <T>([element]: readonly T[]): T => {
  if (element === undefined) throw new Error('the list is empty');
  return element;
};
