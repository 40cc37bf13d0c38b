// SPDX-License-Identifier: GPL-2.0-only
import type { Bytes } from './bytes.js';

/** Kernel: isprint() by its own table: ASCII 0x20 to 0x7e, and all of Latin-1 from the no-break space on. */
const isPrint = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || byte >= 0xa0;

/** What has a letter of its own. A backslash or a quote is printable, so it stays as it is. */
const letters: ReadonlyMap<number, string> = new Map([
  [0x0a, 'n'],
  [0x0d, 'r'],
  [0x09, 't'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x07, 'a'],
  [0x1b, 'e'],
  [0x00, '0'],
]);

/**
 * Kernel: `%*pE` without further flags: string_escape_mem() with ESCAPE_ANY_NP.
 * @returns one character (U+0000 to U+00FF) for each byte of the kernel's output
 */
export const escapeText = (data: Bytes): string =>
  Array.from(data, (byte) => {
    if (isPrint(byte)) return String.fromCharCode(byte);
    return `\\${letters.get(byte) ?? byte.toString(8).padStart(3, '0')}`;
  }).join('');
