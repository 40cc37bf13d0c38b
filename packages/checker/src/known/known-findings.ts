// SPDX-License-Identifier: GPL-2.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '../errors.js';
import type { Covers } from './covers.js';

/** `real`: a defect of the code; `model`: a fault of the model that is not mended yet; `note`: allowed on purpose. */
export type KnownStatus = 'real' | 'model' | 'note';

/** One accepted finding. Its page, ID.md, stands beside the list. */
export interface KnownFinding {
  readonly id: string;
  /** Revisions on which it is expected. */
  readonly revisions: readonly string[];
  readonly title: string;
  readonly status: KnownStatus;
  /** Who reported it, or that nobody did. */
  readonly reporter: string;
  /** Name of the remedy that removes it, or what would. */
  readonly remedy?: string;
  /**
   * Scenarios and shapes that show it, each to be explored whole before it counts as gone. Absent: it is
   * gone when all scenarios of its driver were explored and none shows it.
   */
  readonly shownBy?: readonly string[];
  /** Findings with ids of their own that are this one at another place. */
  readonly covers?: readonly Covers[];
}

export const LIST_FILE = 'findings.json';
const SCHEMA = 'mpath.findings/1';
const STATUS: readonly string[] = ['real', 'model', 'note'] satisfies KnownStatus[];

const bad = (where: string, expected: string, found: unknown): Error =>
  errors.fail('LMP-324', {
    message: `expected ${expected}, found ${found === undefined ? 'nothing' : (JSON.stringify(found) ?? typeof found).slice(0, 60)}`,
    where,
    todo: '`mpath explain LMP-324` shows the form of the file',
  });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (entry: Readonly<Record<string, unknown>>, key: string, where: string): string => {
  const value = entry[key];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw bad(`${where}.${key}`, 'a text', value);
};

const ID = /^[A-Z]+-[0-9a-f]{6}$/;
const KEYS: readonly string[] = [
  'id',
  'revisions',
  'title',
  'status',
  'reporter',
  'remedy',
  'shownBy',
  'covers',
] satisfies (keyof KnownFinding)[];

const COVERS: readonly string[] = ['object', 'during', 'freedBy'] satisfies (keyof Covers)[];

const coversFrom = (value: unknown, where: string): readonly Covers[] => {
  if (!Array.isArray(value) || value.length === 0) throw bad(where, `a list of {${COVERS.join(', ')}}`, value);
  return value.map((one: unknown, at): Covers => {
    const here = `${where}[${String(at)}]`;
    if (!isRecord(one)) throw bad(here, 'an object', one);
    const odd = Object.keys(one).find((key) => !COVERS.includes(key));
    if (odd !== undefined) throw bad(here, `only ${COVERS.join(', ')}`, odd);
    return {
      object: text(one, 'object', here),
      during: text(one, 'during', here),
      freedBy: text(one, 'freedBy', here),
    };
  });
};

const entryFrom = (value: unknown, where: string): KnownFinding => {
  if (!isRecord(value)) throw bad(where, 'an object', value);
  const odd = Object.keys(value).find((key) => !KEYS.includes(key));
  if (odd !== undefined) throw bad(where, `only ${KEYS.join(', ')}`, odd);
  const id = text(value, 'id', where);
  if (!ID.test(id)) throw bad(`${where}.id`, 'an id such as UAF-3f9c2a', id);
  const { revisions, status } = value;
  if (!Array.isArray(revisions) || revisions.length === 0 || !revisions.every((one) => typeof one === 'string')) {
    throw bad(`${where}.revisions`, 'a list of revisions', revisions);
  }
  const { shownBy, covers } = value;
  if (shownBy !== undefined && (!Array.isArray(shownBy) || !shownBy.every((one) => typeof one === 'string'))) {
    throw bad(`${where}.shownBy`, 'a list of scenarios', shownBy);
  }
  if (!isStatus(status)) throw bad(`${where}.status`, STATUS.join(', '), status);
  return {
    id,
    revisions: revisions.map(String),
    title: text(value, 'title', where),
    status,
    reporter: text(value, 'reporter', where),
    ...(value['remedy'] === undefined ? {} : { remedy: text(value, 'remedy', where) }),
    ...(Array.isArray(shownBy) ? { shownBy: shownBy.map(String) } : {}),
    ...(covers === undefined ? {} : { covers: coversFrom(covers, `${where}.covers`) }),
  };
};

const isStatus = (value: unknown): value is KnownStatus => typeof value === 'string' && STATUS.includes(value);

/**
 * Reads the text of a list.
 * @param file named in errors
 * @throws LMP-324 it is not of the form
 * @throws LMP-325 an id stands there twice
 */
export const parseKnownFindings = (content: string, file: string): KnownFinding[] => {
  let read: unknown;
  try {
    read = JSON.parse(content);
  } catch (cause) {
    throw errors.fail('LMP-324', { message: `expected JSON: ${String(cause)}`, where: file, cause });
  }
  if (!isRecord(read)) throw bad(file, 'an object', read);
  const { schema, findings } = read;
  if (schema !== SCHEMA) throw bad(`${file}: schema`, SCHEMA, schema);
  if (!Array.isArray(findings)) throw bad(`${file}: findings`, 'a list', findings);
  const entries = findings.map((entry: unknown, at) => entryFrom(entry, `${file}: findings[${String(at)}]`));
  const seen = new Map<string, number>();
  for (const [at, { id }] of entries.entries()) {
    const first = seen.get(id);
    if (first !== undefined) {
      throw errors.fail('LMP-325', {
        message: `${id} is findings[${String(first)}] and findings[${String(at)}]`,
        where: file,
        todo: 'put the revisions of both into one',
      });
    }
    seen.set(id, at);
  }
  return entries;
};

const noPage = (message: string, where: string, todo: string): Error =>
  errors.fail('LMP-326', { message, where, todo });

/**
 * Loads a `findings/` directory: the list and its pages. A directory without a list holds none.
 * @throws LMP-324 LMP-325 the list is not of the form
 * @throws LMP-326 an entry has no page, or a page no entry
 */
export const loadKnownFindings = (directory: string): KnownFinding[] => {
  const names = readdirSync(directory).sort();
  const pages = names.filter((name) => ID.test(name.replace(/\.md$/, '')));
  const file = join(directory, LIST_FILE);
  const entries = names.includes(LIST_FILE) ? parseKnownFindings(readFileSync(file, 'utf8'), file) : [];
  for (const { id } of entries) {
    const page = `${id}.md`;
    if (!pages.includes(page)) {
      throw noPage(
        `expected the page ${page} beside the list, found none`,
        file,
        `write ${page}: what, schedule, reporter, remedy`,
      );
    }
    const [heading = ''] = readFileSync(join(directory, page), 'utf8').split('\n');
    if (!heading.startsWith('# ') || !heading.includes(id)) {
      throw noPage(
        `expected a heading "# ${id} …" in line 1, found "${heading.slice(0, 60)}"`,
        join(directory, page),
        'begin the page with it',
      );
    }
  }
  const lone = pages.find((page) => !entries.some(({ id }) => page === `${id}.md`));
  if (lone !== undefined)
    throw noPage(`the page ${lone} belongs to no entry`, file, 'list the finding or take the page away');
  return entries;
};
