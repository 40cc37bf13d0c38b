// SPDX-License-Identifier: GPL-2.0-only
import { printableLines } from '../printable.js';

/** The template's element for the data, up to its content. */
export const DATA_ELEMENT = '<script type="application/json" id="data">';

/** The same value with every text on visible characters and line ends alone: nothing that hides or turns what follows. */
const shown = (value: unknown): unknown => {
  if (typeof value === 'string') return printableLines(value).join('\n');
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'object' && value !== null) {
    // A null prototype keeps a key like __proto__ a key.
    const copy = Object.create(null) as Record<string, unknown>;
    for (const [key, member] of Object.entries(value)) copy[printableLines(key).join('\n')] = shown(member);
    return copy;
  }
  return value;
};

const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };

/**
 * JSON that may stand in a script element of any HTML: no text of it can end the element, begin a
 * comment, or be taken for an entity. It reads back as the same value with control characters shown.
 */
export const embedded = (data: unknown): string =>
  JSON.stringify(shown(data)).replaceAll(/[<>&]/g, (char) => escapes[char] ?? '');
