// SPDX-License-Identifier: GPL-2.0-only

/** Cuts bytes at arbitrary places: how a stream may deliver them. For tests. */
export const chunked = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
};
