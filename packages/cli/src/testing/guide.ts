// SPDX-License-Identifier: GPL-2.0-only

/** One fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly lines: readonly string[];
  /** Line of the page that it begins at, from 1. */
  readonly at: number;
}

/** The fenced blocks of a page, in order. */
export const blocksOf = (page: string): readonly Block[] => {
  const blocks: Block[] = [];
  let open: { readonly language: string; readonly lines: string[]; readonly at: number } | undefined;
  for (const [index, line] of page.split('\n').entries()) {
    if (!line.startsWith('```')) open?.lines.push(line);
    else if (open === undefined) open = { language: line.slice(3), lines: [], at: index + 1 };
    else {
      blocks.push(open);
      open = undefined;
    }
  }
  return blocks;
};

/** A command of a console block, and what it is to print, in that order; `…` stands for anything. */
export interface Command {
  readonly text: string;
  readonly expected: readonly RegExp[];
}

const patternOf = (line: string): RegExp =>
  new RegExp(
    line
      .trimEnd()
      .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('…', '.*'),
  );

export const commandsOf = ({ lines }: Block): readonly Command[] => {
  const commands: { readonly text: string; readonly expected: RegExp[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) commands.push({ text: line.slice(2), expected: [] });
    else commands.at(-1)?.expected.push(patternOf(line));
  }
  return commands;
};

/** The first line that is not printed where it is to be; undefined: all are. */
export const unprinted = (printed: string, expected: readonly RegExp[]): RegExp | undefined => {
  const lines = printed.split('\n');
  let from = 0;
  for (const pattern of expected) {
    const at = lines.findIndex((line, index) => index >= from && pattern.test(line));
    if (at === -1) return pattern;
    from = at + 1;
  }
  return undefined;
};

/** Applies a diff block: what each hunk has of context and `-` lines stands in the file once, together. */
export const patched = (text: string, lines: readonly string[]): string => {
  const hunks: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith('@@')) hunks.push([]);
    else hunks.at(-1)?.push(line);
  }
  return hunks.filter((hunk) => hunk.length > 0).reduce(withHunk, text);
};

const withHunk = (text: string, hunk: readonly string[]): string => {
  const without = (mark: string): string =>
    hunk.flatMap((line) => (line.startsWith(mark) ? [] : [`${line.slice(1)}\n`])).join('');
  const before = without('+');
  if (text.split(before).length !== 2) throw new Error(`expected once in the file:\n${before}`);
  return text.replace(before, () => without('-'));
};
