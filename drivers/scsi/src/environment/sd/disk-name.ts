// SPDX-License-Identifier: GPL-2.0-only

const LETTERS = 26;

/** `sda` for 0, `sdz` for 25, `sdaa` for 26. Kernel: sd_format_disk_name(). Pure. */
export const sd_format_disk_name = (index: number): string => {
  let letters = '';
  for (let left = index; left >= 0; left = Math.floor(left / LETTERS) - 1) {
    letters = String.fromCharCode('a'.charCodeAt(0) + (left % LETTERS)) + letters;
  }
  return `sd${letters}`;
};
