// SPDX-License-Identifier: GPL-2.0-only

/** Orders version-like strings: runs of digits by value, the rest bytewise. */
export const compareReleases = (a: string, b: string): number => {
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i] ?? '';
    const y = right[i] ?? '';
    // Every second part is a run of digits.
    const order = i % 2 === 1 ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
};
