// SPDX-License-Identifier: GPL-2.0-only
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { entryOf, type Listable } from './entry-of.js';
import { gateOf } from './gate.js';
import { loadKnownFindings, parseKnownFindings, type KnownFinding } from './known-findings.js';

const entry: KnownFinding = {
  id: 'UAF-3f9c2a',
  revisions: ['v3'],
  title: 'the last put uses a head that its waiter frees',
  status: 'real',
  reporter: 'nobody',
  remedy: 'put-under-lock',
};
const list = (...findings: readonly object[]): string => JSON.stringify({ schema: 'mpath.findings/1', findings });

const caught = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error;
  }
};

describe('a list of known findings', () => {
  it('gives what stands in it', () => {
    const { remedy: _remedy, ...without } = entry;
    expect(parseKnownFindings(list(entry, { ...without, id: 'HANG-000000' }), 'findings.json')).toEqual([
      entry,
      { ...without, id: 'HANG-000000' },
    ]);
  });

  it.each([
    ['no JSON', '{', 'findings.json', /^expected JSON/],
    ['a list', '[]', 'findings.json', /^expected an object, found \[\]$/],
    ['no schema', '{}', 'findings.json: schema', /^expected mpath\.findings\/1, found nothing$/],
    [
      'an odd id',
      list({ ...entry, id: 'uaf' }),
      'findings.json: findings[0].id',
      /^expected an id such as UAF-3f9c2a, found "uaf"$/,
    ],
    ['no title', list({ ...entry, title: ' ' }), 'findings.json: findings[0].title', /^expected a text, found " "$/],
    [
      'no revision',
      list({ ...entry, revisions: [] }),
      'findings.json: findings[0].revisions',
      /^expected a list of revisions, found \[\]$/,
    ],
    [
      'an odd status',
      list({ ...entry, status: 'maybe' }),
      'findings.json: findings[0].status',
      /^expected real, model, note, found "maybe"$/,
    ],
    [
      'a misspelt key',
      list({ ...entry, remdy: 'x' }),
      'findings.json: findings[0]',
      /^expected only id, .*found "remdy"$/,
    ],
    [
      'nothing covered',
      list({ ...entry, covers: [] }),
      'findings.json: findings[0].covers',
      /^expected a list of \{object, during, freedBy\}, found \[\]$/,
    ],
    [
      'a use of an unknown free',
      list({ ...entry, covers: [{ object: 'gendisk', during: 'del_gendisk' }] }),
      'findings.json: findings[0].covers[0].freedBy',
      /^expected a text, found nothing$/,
    ],
    [
      'a misspelt place',
      list({ ...entry, covers: [{ object: 'gendisk', during: 'f', freedby: 'g' }] }),
      'findings.json: findings[0].covers[0]',
      /^expected only object, during, freedBy, found "freedby"$/,
    ],
  ])('is refused at the place that is wrong: %s', (_what, content, where, message) => {
    expect(caught(() => parseKnownFindings(content, 'findings.json'))).toMatchObject({
      code: 'LMP-324',
      where,
      message: expect.stringMatching(message),
    });
  });

  it('may hold each id once', () => {
    expect(caught(() => parseKnownFindings(list(entry, entry), 'f'))).toMatchObject({
      code: 'LMP-325',
      message: 'UAF-3f9c2a is findings[0] and findings[1]',
    });
  });
});

describe('a findings directory', () => {
  const made: string[] = [];
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true });
  });
  const directoryOf = (files: Readonly<Record<string, string>>): string => {
    const directory = mkdtempSync(join(tmpdir(), 'findings-'));
    made.push(directory);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
    return directory;
  };
  const page = { 'UAF-3f9c2a.md': '# UAF-3f9c2a: the last put\n' };

  it('has a page for each entry; without a list it holds none', () => {
    expect(loadKnownFindings(directoryOf({ 'findings.json': list(entry), ...page }))).toEqual([entry]);
    expect(loadKnownFindings(directoryOf({ 'README.md': '# Findings\n' }))).toEqual([]);
  });

  it.each([
    ['the page is missing', { 'findings.json': list(entry) }, /^expected the page UAF-3f9c2a.md/],
    [
      'the page is another',
      { 'findings.json': list(entry), 'UAF-3f9c2a.md': 'text\n' },
      /^expected a heading "# UAF-3f9c2a/,
    ],
    ['the entry is missing', { 'findings.json': list(), ...page }, /^the page UAF-3f9c2a.md belongs to no entry$/],
  ])('is refused when %s', (_what, files, message) => {
    expect(caught(() => loadKnownFindings(directoryOf(files)))).toMatchObject({
      code: 'LMP-326',
      message: expect.stringMatching(message),
    });
  });
});

/** A finding that waits, reported by nobody. */
const found = (id: string): Listable => ({ id, class: 'hang', object: 'mutex', used: [], freed: [] });

describe('an entry that covers further places', () => {
  const covers = [{ object: 'gendisk', during: 'mpath_remove_head_work', freedBy: 'sd_mpath_fail_probe' }];
  const covering: KnownFinding = { ...entry, covers };
  const use: Listable = {
    id: 'UAF-f1c603',
    class: 'use-after-free',
    object: 'gendisk.mutex',
    used: ['del_gendisk', 'mpath_remove_disk', 'mpath_remove_head_work', 'kworker/head#1.remove_work'],
    freed: ['put_disk', 'sd_mpath_disk_release', 'sd_mpath_fail_probe'],
  };

  it('has what is used there after that free, under whatever id', () => {
    expect(entryOf([covering], use)).toBe(covering);
    expect(parseKnownFindings(list(covering), 'findings.json')).toEqual([covering]);
  });

  it.each([
    ['of another object', { object: 'scsi_mpath_head.mutex' }],
    ['of another function', { used: ['del_gendisk', 'sd_mpath_remove'] }],
    ['after another free', { freed: ['put_disk', 'sd_mpath_remove'] }],
    ['after a free that nobody told', { freed: [] }],
    ['that is no use of freed memory', { class: 'refcount' as const }],
  ])('has no finding %s', (_what, other) => {
    expect(entryOf([covering], { ...use, ...other })).toBeUndefined();
  });

  it('knows a work by its task without the numbers', () => {
    const during = 'kworker/head.remove_work';
    expect(entryOf([{ ...entry, covers: covers.map((one) => ({ ...one, during })) }], use)).toBeDefined();
  });

  it('gives way to the entry that has the id', () => {
    const own = { ...entry, id: use.id };
    expect(entryOf([covering, own], use)).toBe(own);
  });

  it('is not gone while one of its places shows', () => {
    expect(gateOf([covering], [use], { revision: 'v3', whole: true })).toMatchObject({ exit: 0, known: [covering] });
  });
});

describe('the gate', () => {
  const scope = { revision: 'v3', whole: true };
  it.each([
    ['listed and found', ['UAF-3f9c2a'], scope, 0, [], 0],
    ['unlisted', ['UAF-3f9c2a', 'HANG-000001'], scope, 1, ['HANG-000001'], 0],
    ['listed and gone', [], scope, 1, [], 1],
    ['listed and gone, but not all was explored', [], { ...scope, whole: false }, 0, [], 0],
    ['listed for another revision', ['UAF-3f9c2a'], { ...scope, revision: 'v2' }, 1, ['UAF-3f9c2a'], 0],
    ['nothing listed for it, nothing found', [], { ...scope, revision: 'fixed' }, 0, [], 0],
  ])('%s', (_what, ids, within, exit, unlisted, gone) => {
    const gate = gateOf([entry], ids.map(found), within);
    expect([gate.exit, gate.unlisted, gate.gone.length]).toEqual([exit, unlisted, gone]);
  });
});
