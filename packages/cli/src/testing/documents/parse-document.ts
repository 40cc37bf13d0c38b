// SPDX-License-Identifier: GPL-2.0-only

/** A command of a console block and what it is to print. */
export interface ShownCommand {
  readonly text: string;
  /** Lines as they stand there; `…` within a line is anything, alone on a line any number of lines. */
  readonly expected: readonly string[];
  /** Line of the document, from 1. */
  readonly at: number;
}

interface Placed {
  /** Line of the fence, from 1. */
  readonly at: number;
  /** The nearest heading above. */
  readonly heading: string;
}

/** What a document tells its reader to do, in order. */
export type DocumentStep = Placed &
  (
    | { readonly kind: 'console'; readonly live: boolean; readonly commands: readonly ShownCommand[] }
    /** Write this file, change it by a diff, or find these lines in it. */
    | { readonly kind: 'file' | 'patch' | 'excerpt'; readonly path: string; readonly lines: readonly string[] }
  );

const FENCE = /^(`{3,})(.*)$/;
const LABEL = /\[([^\]]+)\]/;
/** Languages in which a reader takes lines for commands. */
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'zsh', 'fish', 'shell', 'shellsession', 'terminal']);

const commandsOf = (lines: readonly string[], at: number): ShownCommand[] => {
  const commands: { text: string; readonly expected: string[]; readonly at: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ text: line.slice(2), expected: [], at: at + 1 + index });
    else if (last === undefined) throw new Error(`line ${String(at + 1 + index)}: expected a command after "$ "`);
    else if (last.text.endsWith('\\') && line.startsWith('> ')) last.text += `\n${line.slice(2)}`;
    else last.expected.push(line);
  }
  return commands;
};

const stepOf = (info: string, lines: readonly string[], placed: Placed): DocumentStep | undefined => {
  const [language = '', ...words] = info.trim().split(/\s+/);
  const path = LABEL.exec(info)?.[1];
  if (SHELLS.has(language)) throw new Error(`line ${String(placed.at)}: commands stand in a console block, after "$ "`);
  if (language === 'console') {
    return { ...placed, kind: 'console', live: words.includes('live'), commands: commandsOf(lines, placed.at) };
  }
  if (path === undefined) return undefined;
  const kind = language === 'diff' ? 'patch' : words.includes('excerpt') ? 'excerpt' : 'file';
  return { ...placed, kind, path, lines };
};

/**
 * The steps of a Markdown document. Blocks of other languages without a [path] are only read.
 * @throws Error a block of shell commands that nothing would run, with its line
 */
export const parseDocument = (text: string): readonly DocumentStep[] => {
  const steps: DocumentStep[] = [];
  let heading = '';
  let open: { readonly mark: string; readonly info: string; readonly at: number; readonly lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, mark = '', info = ''] = FENCE.exec(line.trimStart()) ?? [];
    if (open === undefined) {
      if (mark !== '') open = { mark, info, at: index + 1, lines: [] };
      else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '');
    } else if (mark === open.mark && info === '') {
      const step = stepOf(open.info, open.lines, { at: open.at, heading });
      if (step !== undefined) steps.push(step);
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error(`line ${String(open.at)}: expected an end of this block`);
  return steps;
};
