// SPDX-License-Identifier: GPL-2.0-only

export interface KtapResult {
  readonly ok: boolean;
  readonly number: number;
  readonly name: string;
  readonly directive: string | undefined;
  readonly diagnostics: readonly string[];
  readonly inside: readonly KtapResult[];
}

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, '$1');

/** Where the directive begins: at the first `#` that no backslash stands before. */
const split = (text: string): readonly [string, string | undefined] => {
  const [whole, name = ''] = /^((?:[^\\#]|\\.)*)/.exec(text) ?? ['', ''];
  return [unescaped(name.trim()), whole.length === text.length ? undefined : text.slice(whole.length + 1).trim()];
};

/** Reads KTAP strictly: a version, a plan that holds, numbers in order, nothing that is no KTAP. */
export const parseKtap = (text: string, depth = 0): KtapResult[] => {
  const indent = ' '.repeat(depth * 2);
  const lines = text.replace(/\n$/, '').split('\n');
  const version = lines.shift();
  if (version !== `${indent}KTAP version 1`) throw new Error(`expected a version, found ${version ?? 'nothing'}`);
  const results: KtapResult[] = [];
  let plan: number | undefined;
  let diagnostics: string[] = [];
  let nested: string[] = [];
  for (const line of lines) {
    if (line.startsWith(`${indent}  `)) {
      nested.push(line);
      continue;
    }
    const own = line.slice(indent.length);
    const [, of] = /^1\.\.(\d+)$/.exec(own) ?? [];
    const [, not, number, rest] = /^(not )?ok (\d+) (.*)$/.exec(own) ?? [];
    if (of !== undefined && plan === undefined) plan = Number(of);
    else if (own.startsWith('# ') || own === '#') diagnostics.push(own.slice(2));
    else if (number !== undefined) {
      const [name, directive] = split(rest ?? '');
      if (Number(number) !== results.length + 1)
        throw new Error(`expected result ${String(results.length + 1)}: ${line}`);
      const inside = nested.length === 0 ? [] : parseKtap(nested.join('\n'), depth + 1);
      results.push({ ok: not === undefined, number: Number(number), name, directive, diagnostics, inside });
      diagnostics = [];
      nested = [];
    } else throw new Error(`no KTAP: ${line}`);
  }
  if (plan !== results.length) throw new Error(`planned ${String(plan)}, found ${String(results.length)}`);
  return results;
};
