// SPDX-License-Identifier: GPL-2.0-only

/** What stands for the part that was cut. */
export interface Marks {
  readonly cut: string;
  readonly arrow: string;
  readonly bar: string;
  readonly rule: string;
  readonly site: string;
  readonly skipped: string;
}

export const unicodeMarks: Marks = { cut: '…', arrow: '→', bar: '│', rule: '─', site: '►', skipped: '⋮' };
/** For mail: nothing outside ASCII. */
export const asciiMarks: Marks = { cut: '..', arrow: '->', bar: '|', rule: '-', site: '>', skipped: ':' };

const lengthOf = (text: string): number => Array.from(text).length;

/**
 * A name that is too long loses its middle: kernel names tell by their prefix (`mpath_`)
 * and by their end (`_work`, `_lock`); the end keeps the larger half.
 */
export const clip = (name: string, room: number, { cut }: Marks): string => {
  const letters = Array.from(name);
  if (letters.length <= room) return name;
  const left = room - lengthOf(cut);
  if (left < 2) return letters.slice(0, Math.max(room, 0)).join('');
  const end = Math.ceil(left / 2);
  return `${letters.slice(0, left - end).join('')}${cut}${letters.slice(letters.length - end).join('')}`;
};

/** Breaks text at spaces into lines of at most `room` characters; a longer word is clipped. */
export const fit = (text: string, room: number, marks: Marks): string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const last = lines.at(-1);
    const clipped = clip(word, room, marks);
    if (last !== undefined && lengthOf(last) + 1 + lengthOf(clipped) <= room)
      lines[lines.length - 1] = `${last} ${clipped}`;
    else lines.push(clipped);
  }
  return lines;
};

/** Exactly `width` characters wide. */
export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - lengthOf(text)));

/** An access with what it did to the state: on one line, or the state kept together on the next. */
export const fitWithState = (access: string, state: string, room: number, marks: Marks): string[] => {
  const lines = fit(access, room, marks);
  const last = lines.at(-1) ?? '';
  if (state === '') return lines;
  if (lengthOf(last) + 1 + lengthOf(state) > room) return [...lines, ...fit(state, room, marks)];
  return [...lines.slice(0, -1), `${last} ${state}`];
};
