// SPDX-License-Identifier: GPL-2.0-only

/**
 * Breaks text at spaces into lines of at most `columns` characters, indent included; a word that is longer stays whole.
 * @param first what the first line begins with; the others begin with as many spaces
 */
export const wrap = (text: string, first: string, columns: number): string[] => {
  const indent = ' '.repeat(first.length);
  const room = Math.max(1, columns - first.length);
  const lines: string[] = [];
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && lengthOf(last) + 1 + lengthOf(word) <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, index) => `${index === 0 ? first : indent}${line}`);
};

const lengthOf = (text: string): number => Array.from(text).length;
