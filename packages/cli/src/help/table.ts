// SPDX-License-Identifier: GPL-2.0-only
import { wrap } from '@libmultipath/report';

/** Names in a column, what they are beside it; below it where there is no room. */
export const table = (
  rows: readonly (readonly [name: string, brief: string])[],
  columns: number,
  indent = '',
): string[] => {
  const width = Math.max(0, ...rows.map(([name]) => name.length)) + indent.length + 2;
  if (columns < width * 2) {
    return rows.flatMap(([name, brief]) => [
      ...wrap(name, indent, columns),
      ...wrap(brief, `${indent}  `, Math.max(indent.length + 4, columns)),
    ]);
  }
  // A row without a text is its name.
  return rows.flatMap(([name, brief]) =>
    brief.trim() === '' ? [`${indent}${name}`] : wrap(brief, `${indent}${name}`.padEnd(width), columns),
  );
};
