// SPDX-License-Identifier: GPL-2.0-only
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { vmImagesErrors } from './errors.js';
import { runTool } from './run-tool.js';

/** A Debian archive that this machine's apt uses already. */
export interface DebianArchive {
  readonly uri: string;
  /** The text of the source's Signed-By field; undefined leaves apt its trusted keys. */
  readonly signedBy: string | undefined;
}

/** Paragraphs of `Field: value` lines with continuation lines, as apt prints and Debian writes them. */
export const parseStanzas = (text: string): ReadonlyMap<string, string>[] =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => {
      const fields = new Map<string, string>();
      let last: string | undefined;
      for (const line of paragraph.split('\n')) {
        if (line.startsWith('#')) continue;
        const field = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line);
        if (field?.[1] !== undefined) {
          last = field[1];
          fields.set(last, field[2] ?? '');
        } else if (last !== undefined && /^\s/.test(line)) {
          fields.set(last, `${fields.get(last) ?? ''}\n${line}`);
        }
      }
      return fields;
    })
    .filter((fields) => fields.size > 0);

const bare = (uri: string): string => uri.replace(/\/+$/, '');

/** Base URIs of the Debian archives among the index targets of apt. */
export const archivesOfTargets = (indexTargets: string): string[] => {
  const uris = parseStanzas(indexTargets)
    .filter((target) => target.get('Origin') === 'Debian' && target.get('Label') === 'Debian')
    .map((target) => target.get('Repo-URI'))
    .filter((uri) => uri !== undefined)
    .map(bare);
  return [...new Set(uris)];
};

const debianSuite =
  /^(?:bullseye|bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|testing|unstable)(?:-updates|-backports)?$/;

/** The same where apt has fetched no lists yet: from the addresses that an update would ask. */
export const archivesOfUpdate = (printedUris: string): string[] => {
  const uris: string[] = [];
  for (const line of printedUris.split('\n')) {
    const found = /^'(.+)\/dists\/([^/]+)\/(?:In)?Release'/.exec(line);
    if (found?.[1] !== undefined && debianSuite.test(found[2] ?? '')) uris.push(bare(found[1]));
  }
  return [...new Set(uris)];
};

/** The Signed-By of the source that names `uri`, in either format of apt. */
export const signedByOf = (uri: string, file: { readonly name: string; readonly text: string }): string | undefined => {
  if (file.name.endsWith('.sources')) {
    const stanza = parseStanzas(file.text).find((fields) =>
      (fields.get('URIs') ?? '').split(/\s+/).some((each) => bare(each) === uri),
    );
    return stanza?.get('Signed-By');
  }
  const line = file.text
    .split('\n')
    .find((each) => /^deb\s/.test(each) && each.split(/\s+/).some((word) => bare(word) === uri));
  return /[[\s]signed-by=([^\]\s]+)/.exec(line ?? '')?.[1]?.replaceAll(',', ' ');
};

const sourceFiles = async (): Promise<{ name: string; text: string }[]> => {
  const shell = await runTool(
    'apt-config',
    ['shell', 'LIST', 'Dir::Etc::sourcelist/f', 'PARTS', 'Dir::Etc::sourceparts/d'],
    {
      debianPackage: 'apt',
    },
  );
  const list = /^LIST='(.*)'$/m.exec(shell.stdout)?.[1];
  const parts = /^PARTS='(.*)'$/m.exec(shell.stdout)?.[1];
  const names =
    parts === undefined
      ? []
      : (await readdir(parts).catch((): string[] => [])).toSorted().map((name) => join(parts, name));
  if (list !== undefined) names.unshift(list);
  const files: { name: string; text: string }[] = [];
  for (const name of names.filter((each) => /\.(list|sources)$/.test(each))) {
    const text = await readFile(name, 'utf8').catch(() => undefined);
    if (text !== undefined) files.push({ name, text });
  }
  return files;
};

/**
 * The Debian archive of this machine.
 * @throws LMP-801 none, LMP-807 no apt.
 */
export const debianArchive = async (): Promise<DebianArchive> => {
  const targets = await runTool('apt-get', ['indextargets'], { debianPackage: 'apt' });
  let uri = archivesOfTargets(targets.stdout)[0];
  if (uri === undefined) {
    const update = await runTool('apt-get', ['update', '--print-uris'], { debianPackage: 'apt' });
    uri = archivesOfUpdate(update.stdout)[0];
  }
  if (uri === undefined) {
    throw vmImagesErrors.fail('LMP-801', {
      message: 'a source of origin Debian is expected among the sources of apt',
      todo: 'add a Debian source to apt, or give --kernel path/to/bzImage [--modules dir]',
    });
  }
  for (const file of await sourceFiles()) {
    const signedBy = signedByOf(uri, file);
    if (signedBy !== undefined) return { uri, signedBy };
  }
  return { uri, signedBy: undefined };
};
