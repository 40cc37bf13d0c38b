// SPDX-License-Identifier: GPL-2.0-only

/** Bytes as a device sends them, each 0 to 255. */
export type Bytes = ArrayLike<number>;

/** One byte; what lies beyond the end is unknown memory, which the model takes as 0. */
export const u8 = (data: Bytes, at: number): number => data[at] ?? 0;

/** Kernel: get_unaligned_be16(). */
export const be16 = (data: Bytes, at: number): number => (u8(data, at) << 8) | u8(data, at + 1);

/** Kernel: get_unaligned_be32(), unsigned. */
export const be32 = (data: Bytes, at: number): number => be16(data, at) * 0x1_0000 + be16(data, at + 2);

/** `count` big-endian bytes of a number below 2^53. */
export const toBe = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor(value / 256 ** (count - 1 - i)) % 256);

/** Bytes of ASCII text. */
export const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0) & 0xff);

/** `count` bytes from `at`; beyond the end they are 0. */
export const slice = (data: Bytes, at: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => u8(data, at + i));

/** Text of bytes, one character (U+0000 to U+00FF) each. */
export const latin1 = (data: Bytes): string => Array.from(data, (byte) => String.fromCharCode(byte)).join('');

/** Kernel: `%*phN`. */
export const hexOf = (data: Bytes): string => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
