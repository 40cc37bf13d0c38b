// SPDX-License-Identifier: GPL-2.0-only

const ANYTHING = '…';

const patternOf = (line: string): string =>
  line.trim() === ANYTHING
    ? String.raw`(?:[^\n]*\n)*?`
    : `${line
        .trimEnd()
        .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
        .replaceAll(ANYTHING, String.raw`[^\n]*`)}\n`;

const matches = (text: string, lines: readonly string[], end: '$' | ''): boolean =>
  new RegExp(`^${lines.map(patternOf).join('')}${end}`).test(text);

/** Blanks at the end of a line are not seen; nor are empty lines before and after. */
const seen = (printed: string): string => {
  const text = printed
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+/, '')
    .replace(/\n+$/, '');
  return text === '' ? '' : `${text}\n`;
};

/**
 * Whether a command printed what its document shows.
 * @returns undefined, or what is wrong, with the first line that was not found where it is to be
 */
export const unlike = (printed: string, expected: readonly string[]): string | undefined => {
  const text = seen(printed);
  const lines = seen(expected.join('\n')).split('\n').slice(0, -1);
  if (matches(text, lines, '$')) return undefined;
  const held = lines.findIndex((_, index) => !matches(text, lines.slice(0, index + 1), ''));
  const missing = held === -1 ? 'the end of the output' : lines[held];
  return `expected here: ${String(missing)}\nprinted:\n${text === '' ? '(nothing)\n' : text}`;
};
