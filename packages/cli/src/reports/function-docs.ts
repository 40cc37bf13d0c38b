// SPDX-License-Identifier: GPL-2.0-only
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoryDoc } from '@libmultipath/contract';

/** Files of a package that are read at most, and the size of one. */
const FILES_MAX = 3_000;
const FILE_CHARS_MAX = 400_000;
/** Between a doc comment and the name that `kfn` declares stands at most a declaration's head. */
const HEAD_CHARS_MAX = 300;

const comment = /\/\*\*((?:[^*]|\*(?!\/))*)\*\//g;
/** `export const name = kfn('name'`, also inside a function that makes it or an object that has it: within one paragraph. */
const declared = /^(?:(?!\n\s*\n)[^;])*?\bkfn(?:<[^>]*>)?\(\s*'(\w+)'/;
/** `export function* name(`, `export const name =`: primitives are no kernel functions of their own. */
const exported = /^\s*export (?:async )?(?:function\*?|const) (\w+)/;

/** A doc comment's text: paragraphs stay, line ends within them go. */
const textOf = (body: string): string =>
  body
    .replaceAll(/^[ \t]*\* ?/gm, '')
    .replaceAll(/\{@link ([^}]+)\}/g, '`$1`')
    .split(/\n\s*\n|\n(?=@)/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');

/** The functions that a source's comments speak of. */
export const docsIn = (source: string, file: string): StoryDoc[] =>
  [...source.matchAll(comment)].flatMap((found): StoryDoc[] => {
    const head = source.slice(found.index + found[0].length, found.index + found[0].length + HEAD_CHARS_MAX);
    if (/^\s*\/\*\*/.test(head)) return [];
    const fn = declared.exec(head)?.[1] ?? exported.exec(head)?.[1];
    const text = textOf(found[1] ?? '');
    return fn === undefined || text === '' ? [] : [{ fn, text, file }];
  });

const isSource = (name: string): boolean => /\.(?:ts|js|mts|mjs)$/.test(name) && !/\.test\.|\.d\.[cm]?ts$/.test(name);

const sourcesBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && isSource(entry.name) && !entry.parentPath.split(sep).includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
};

/** A package's folder of sources where it has one, else of what was built. */
const sourceFolder = async (room: string): Promise<string> => {
  const names: readonly string[] = await readdir(room).catch(() => []);
  return join(room, names.includes('src') ? 'src' : 'dist');
};

/** All that the sources of a package say; a folder that cannot be read says nothing. */
const docsOfRoom = async (room: string): Promise<ReadonlyMap<string, StoryDoc>> => {
  const docs = new Map<string, StoryDoc>();
  for (const path of (await sourcesBelow(await sourceFolder(room))).slice(0, FILES_MAX)) {
    const source = await readFile(path, 'utf8').catch(() => '');
    if (source.length > FILE_CHARS_MAX) continue;
    const file = `${basename(room)}/${relative(room, path).replaceAll('\\', '/')}`;
    for (const doc of docsIn(source, file)) if (!docs.has(doc.fn)) docs.set(doc.fn, doc);
  }
  return docs;
};

/** Rooms that were read: a report tells many findings of one driver. */
const read = new Map<string, Promise<ReadonlyMap<string, StoryDoc>>>();

/**
 * What the sources say of the functions named: those of the packages whose folders are given, in
 * that order; the first that speaks of a function counts.
 */
export const functionDocs = async (
  rooms: readonly string[],
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, StoryDoc>> => {
  const docs = new Map<string, StoryDoc>();
  for (const room of rooms) {
    const reading = read.get(room) ?? docsOfRoom(room);
    read.set(room, reading);
    for (const [fn, doc] of await reading) if (wanted.has(fn) && !docs.has(fn)) docs.set(fn, doc);
  }
  return docs;
};

/** Folder of a package that this one uses: two above its entry, which is src/index.ts or dist/index.js. */
export const roomOfEntry = (entry: string): string => fileURLToPath(new URL('..', entry));
