// SPDX-License-Identifier: GPL-2.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What a doc comment says of a kernel function. */
export interface KernelComment {
  /** `mpath_put_disk`. */
  readonly fn: string;
  /** Revisions of the library that the comment speaks for. */
  readonly revisions: readonly string[];
  /** Functions of mainline NVMe that do the same, or the reason why there is none. */
  readonly mainline: string | undefined;
  /** File below the repository, with forward slashes. */
  readonly file: string;
}

const order = ['v1', 'v2', 'v3'];

/** `patch 03 of v1 to v3`, `v2 and v3 patch 05`, `v3 patch 02, v1 patch 06`. */
const revisionsIn = (text: string): string[] => {
  const named = new Set([...text.matchAll(/\bv[123]\b/g)].map(([revision]) => revision));
  for (const [, from = '', to = ''] of text.matchAll(/\b(v[123]) to (v[123])\b/g)) {
    for (const between of order.slice(order.indexOf(from), order.indexOf(to) + 1)) named.add(between);
  }
  return order.filter((revision) => named.has(revision));
};

/** One comment: `Kernel: NAMES, SOURCE.` and `Mainline: WHAT.`, each up to the end of its sentence. */
const read = (comment: string, file: string): KernelComment[] => {
  const text = comment.replace(/^\s*\*? ?/gm, '').replace(/\s+/g, ' ');
  const sentence = (word: string): string | undefined =>
    new RegExp(`\\b${word}: (.*?)(?:\\.(?= |$)|$)`).exec(text)?.[1]?.trim();
  const kernel = sentence('Kernel');
  if (kernel === undefined) return [];
  const [names = ''] = /^(?:`\w+(?:\(\))?`(?:, | and )?)+/.exec(kernel) ?? [];
  const revisions = revisionsIn(kernel.slice(names.length));
  const mainline = sentence('Mainline');
  return [...names.matchAll(/`(\w+)(?:\(\))?`/g)].map(([, fn = '']) => ({ fn, revisions, mainline, file }));
};

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Every doc comment below `folder` that names a kernel function. */
export const kernelComments = (root: string, folder: string): KernelComment[] =>
  sources(join(root, folder)).flatMap((path) => {
    const file = relative(root, path).replaceAll('\\', '/');
    return [...readFileSync(path, 'utf8').matchAll(/\/\*\*([\s\S]*?)\*\//g)].flatMap(([, body = '']) =>
      read(body, file),
    );
  });
