// SPDX-License-Identifier: GPL-2.0-only

/** A row as `mpath verify` prints it. */
export interface TimedRow {
  readonly verdict: string;
  readonly name: string;
  readonly seconds: number;
}

/** Rows with a time in the output of `mpath verify`. */
export const rowsIn = (output: string): TimedRow[] =>
  output.split('\n').flatMap((line) => {
    const found = /^ {2}(\S+) +(\S+) +.*?, (\d+(?:\.\d+)?) s$/.exec(line);
    const [, verdict, name, seconds] = found ?? [];
    return verdict === undefined || name === undefined ? [] : [{ verdict, name, seconds: Number(seconds) }];
  });

/** So many of the items, from all over the list. */
export const evenly = <T>(items: readonly T[], count: number): T[] =>
  items.length <= count
    ? [...items]
    : items.filter(
        (_item, nth) => Math.floor(((nth + 1) * count) / items.length) > Math.floor((nth * count) / items.length),
      );
