// SPDX-License-Identifier: GPL-2.0-only

/** Set bits as the kernel's `%*pbl` prints them: ranges by dash, separated by commas, ascending. */
export const bitmap_list = (bits: Iterable<number>): string => {
  const sorted = [...new Set(bits)].sort((a, b) => a - b);
  const ranges: { first: number; last: number }[] = [];
  for (const bit of sorted) {
    const open = ranges.at(-1);
    if (open !== undefined && bit === open.last + 1) open.last = bit;
    else ranges.push({ first: bit, last: bit });
  }
  return ranges
    .map(({ first, last }) => (first === last ? String(first) : `${String(first)}-${String(last)}`))
    .join(',');
};
