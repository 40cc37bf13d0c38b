// SPDX-License-Identifier: GPL-2.0-only

/** A link of a Markdown page as it is written. */
export interface MarkdownLink {
  readonly text: string;
  readonly target: string;
  /** Line, from 1. */
  readonly at: number;
}

// The text may have one pair of brackets in it, and go on in the next line; a target has no blank.
const LINK = /!?\[((?:[^[\]]|\[[^[\]]*\])*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)?)\)/g;
const CODE = /(`+)(?!`)(?:[^`]|(?!\1(?!`))`)*?\1(?!`)/g;
/** Stands for a piece of code while links are looked for: no text has this character. */
const HELD = /\uE000(\d+)\uE000/g;

type Change = (link: MarkdownLink) => string | undefined;

/** Text between two fences, from line `at` on. */
const mapText = (text: string, at: number, change: Change): string => {
  const codes: string[] = [];
  // Code is put aside, and put back where it stood: a link in it is none, and one around it is.
  const bare = text.replaceAll(CODE, (code) => `\uE000${String(codes.push(code) - 1)}\uE000`);
  const put = (held: string): string => held.replaceAll(HELD, (_, index: string) => codes[Number(index)] ?? '');
  const changed = bare.replaceAll(LINK, (whole: string, words: string, target: string, offset: number) => {
    const line = at + put(bare.slice(0, offset)).split('\n').length - 1;
    return change({ text: put(words), target: put(target), at: line }) ?? whole;
  });
  return put(changed);
};

/** Calls `change` for each link outside of code; undefined leaves it as it is. */
export const mapLinks = (page: string, change: Change): string => {
  const parts: string[] = [];
  let [fence, from]: [string | undefined, number] = [undefined, 0];
  const lines = page.split('\n');
  const close = (to: number): void => {
    if (to === from) return;
    const text = lines.slice(from, to).join('\n');
    parts.push(fence === undefined ? mapText(text, from + 1, change) : text);
    from = to;
  };
  for (const [index, line] of lines.entries()) {
    const [, mark] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
    if (mark === undefined || (fence !== undefined && line.trim() !== fence)) continue;
    close(fence === undefined ? index : index + 1);
    fence = fence === undefined ? mark : undefined;
  }
  close(lines.length);
  return parts.join('\n');
};

export const linksOf = (page: string): MarkdownLink[] => {
  const links: MarkdownLink[] = [];
  mapLinks(page, (link) => {
    links.push(link);
    return undefined;
  });
  return links;
};

/** The anchor of a heading, as the sites that show Markdown make it: lower case, no punctuation, dashes for blanks. */
export const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/[`*]|\[|\]\([^)]*\)/g, '')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/** Anchors of a page; a heading that comes again has a number. */
export const anchorsOf = (page: string): Set<string> => {
  const anchors = new Set<string>();
  let fence = false;
  for (const line of page.split('\n')) {
    if (/^\s*```/.test(line)) fence = !fence;
    const heading = fence ? undefined : /^#{1,6} (.*)$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const anchor = anchorOf(heading);
    let free = anchor;
    for (let count = 1; anchors.has(free); count++) free = `${anchor}-${String(count)}`;
    anchors.add(free);
  }
  return anchors;
};
