// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/contract';
import type { Problems } from './problems.js';
import type { Path } from './yaml-source.js';

export const WINDOW = '$window';

/** The value with `$window` replaced by a number; anything else that begins with `$` is a problem. */
export const substitute = (value: Json, windowSecs: number | undefined, problems: Problems, at: Path): Json => {
  if (typeof value === 'string') {
    if (!value.startsWith('$')) return value;
    if (value === WINDOW && windowSecs !== undefined) return windowSecs;
    const position = problems.source.at(at);
    if (value === WINDOW) {
      problems.add('LMP-412', position, 'expected a key `window` for `$window`, found none', 'add `window: SECONDS`');
    } else {
      problems.add('LMP-412', position, `unknown word \`${value}\``, 'only `$window` has a value');
    }
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item, index) => substitute(item, windowSecs, problems, [...at, index]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substitute(item, windowSecs, problems, [...at, key])]),
  );
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
