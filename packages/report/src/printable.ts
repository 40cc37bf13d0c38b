// SPDX-License-Identifier: GPL-2.0-only

/** Control, format, private, unassigned characters, separators of lines, and lone surrogates. */
const unsafe = /[\p{C}\p{Zl}\p{Zp}]/gu;

const escapeOf = (char: string): string => {
  const code = char.codePointAt(0) ?? 0;
  if (char === '\n') return '\\n';
  if (char === '\t') return '\\t';
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
};

/** Text of a guest or a file, made safe for a terminal: on one line, nothing that moves the cursor or hides. */
export const printable = (text: string): string => text.replaceAll(unsafe, escapeOf);

/** The same for text of several lines, which stay lines. */
export const printableLines = (text: string): string[] => text.split(/\r?\n/).map(printable);
