// SPDX-License-Identifier: GPL-2.0-only

/** Damerau-Levenshtein distance (adjacent transpositions count one). */
const distance = (a: string, b: string): number => {
  const rows = a.length + 1;
  const columns = b.length + 1;
  const cell = new Uint16Array(rows * columns);
  const at = (row: number, column: number): number => cell[row * columns + column] ?? 0;
  for (let row = 0; row < rows; row++) cell[row * columns] = row;
  for (let column = 0; column < columns; column++) cell[column] = column;
  for (let row = 1; row < rows; row++) {
    for (let column = 1; column < columns; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, at(row - 2, column - 2) + 1);
      }
      cell[row * columns + column] = best;
    }
  }
  return at(a.length, b.length);
};

/** Long names are often typed by their beginning, and with a slip in it. */
const beginsLike = (name: string, candidate: string): boolean =>
  name.length >= 5 && distance(name, candidate.slice(0, name.length)) <= Math.floor(name.length / 5);

/** The known names that a mistyped one may have meant, best first, at most three. */
export const nearest = (name: string, known: Iterable<string>): string[] => {
  const limit = Math.max(2, Math.floor(name.length / 3));
  return [...known]
    .map((candidate) => ({ candidate, away: distance(name, candidate) }))
    .filter(
      ({ candidate, away }) =>
        away <= limit || (name.length >= 3 && candidate.includes(name)) || beginsLike(name, candidate),
    )
    .sort((a, b) => a.away - b.away || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
};
