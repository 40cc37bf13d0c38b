// SPDX-License-Identifier: GPL-2.0-only

/** A cell of a table: one line, no bar that would end it. */
const cell = (text: string): string =>
  text
    .replaceAll('\n', ' ')
    .replaceAll('|', String.raw`\|`)
    .trim();

/** A table; none at all where it has no rows. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? ''
    : [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |\n`).join('');

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

export const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\`\n`;

/** What stands first in every page that a program writes. */
export const generated = (title: string, from: string): string =>
  `# ${title}\n\n<!-- Written by docs/generate/write.ts from ${from}; do not edit. -->\n\n`;
