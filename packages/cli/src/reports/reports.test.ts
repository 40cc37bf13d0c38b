// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSchema } from '@libmultipath/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath, runMpath } from '../testing/mpath-process.js';
import type { Ran } from '../testing/ran.js';
import { toyLibrary } from '../testing/toy-library.js';
import { docsIn, functionDocs, roomOfEntry } from './function-docs.js';
import { checkWritable, writeWhole } from './write-whole.js';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mpath-reports-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const unwritable = (where: string, reason: string) => ({
  code: 'LMP-920',
  where,
  message: expect.stringContaining(reason),
});

describe('a report file', () => {
  it('is put in its place whole, and nothing else stays there', async () => {
    const file = join(dir, 'whole', 'r.html');
    await expect(writeWhole('--html', file, 'text')).rejects.toMatchObject({ code: 'LMP-920' });
    const there = join(dir, 'r.html');
    await writeFile(there, 'before');
    await writeWhole('--html', there, 'after');
    expect(await readFile(there, 'utf8')).toBe('after');
    expect(await readdir(dir)).toEqual(['r.html']);
  });

  it('stays as it was where the disk is full, and the error says which flag', async () => {
    // Every write there fails with ENOSPC.
    await expect(writeWhole('--junit', '/dev/full', 'text')).rejects.toMatchObject(
      unwritable('--junit /dev/full', 'ENOSPC'),
    );
    const there = join(dir, 'kept.html');
    await writeFile(there, 'before');
    await writeFile(`${there}.${String(process.pid)}.part`, 'of somebody else');
    await expect(writeWhole('--html', there, 'after')).rejects.toMatchObject(unwritable(`--html ${there}`, 'EEXIST'));
    expect(await readFile(there, 'utf8')).toBe('before');
    expect(await readFile(`${there}.${String(process.pid)}.part`, 'utf8')).toBe('of somebody else');
  });

  it('is refused before the work begins where it cannot be written', async () => {
    await expect(checkWritable('--html', dir, '.')).rejects.toThrow(/it is a folder/);
    await expect(checkWritable('--html', dir, 'no/such/folder.html')).rejects.toMatchObject({ code: 'LMP-920' });
    await checkWritable('--html', dir, 'new.html');
    await checkWritable('--html', dir, undefined);
  });
});

describe('what the sources say of a function', () => {
  it('is the doc comment before its declaration, in whatever form that is', () => {
    const source = `
/** Not of a function. */
const LIMIT = 3;

/**
 * Drops a reference.
 * Kernel: \`thing_put()\`, v3 patch 01.
 *
 * @returns nothing
 */
export const thing_put = kfn('thing_put', function* () {});

/** Made for a revision. */
export const make_get = ({ first }: Parts) =>
  kfn<[thing], void>('thing_get', function* () {});

const table = {
  /** In an object. */
  open: kfn('thing_open', function* () {}),
};

/** A primitive. */
export function* kfree(object: KObject): Steps<void> {}
`;
    expect(docsIn(source, 'x.ts')).toEqual([
      {
        fn: 'thing_put',
        text: 'Drops a reference. Kernel: `thing_put()`, v3 patch 01.\n\n@returns nothing',
        file: 'x.ts',
      },
      { fn: 'thing_get', text: 'Made for a revision.', file: 'x.ts' },
      { fn: 'thing_open', text: 'In an object.', file: 'x.ts' },
      { fn: 'kfree', text: 'A primitive.', file: 'x.ts' },
    ]);
  });

  it('is found in the library and in the simulated kernel, and nowhere else is nothing', async () => {
    const rooms = ['@libmultipath/core', '@libmultipath/kernel'].map((name) => roomOfEntry(import.meta.resolve(name)));
    const docs = await functionDocs([join(dir, 'none'), ...rooms], new Set(['mpath_head_uninit', 'synchronize_srcu']));
    expect([...docs.keys()].sort()).toEqual(['mpath_head_uninit', 'synchronize_srcu']);
    expect(docs.get('synchronize_srcu')?.file).toMatch(/^kernel\/(src|dist)\/srcu\/srcu\.(ts|js)$/);
  });
});

describe('the reports of a check', { timeout: 120_000 }, () => {
  let cwd = '';
  const mpath = (...args: string[]): Promise<Ran> => runMpath(args, { cwd, timeoutMs: 60_000 });
  beforeAll(async () => {
    await buildMpath();
    const page = fileURLToPath(new URL('../../../report/page/build.mjs', import.meta.url));
    execFileSync(process.execPath, [page], { timeout: 120_000 });
    cwd = await toyLibrary();
  }, 300_000);
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  /** What the page shows, read as the page reads it. */
  const pageOf = async (file: string): Promise<string> => {
    const html = await readFile(join(cwd, file), 'utf8');
    const [, json = ''] = /id="data">(.*?)<\/script>/s.exec(html) ?? [];
    return json;
  };

  it('are one page with every finding’s schedule, KTAP, JUnit and annotations, all of one run', async () => {
    const files = ['--html', 'r.html', '--ktap', 'r.ktap', '--junit', 'r.xml', '--json', 'r.json', '--github'];
    const { code, out, err } = await mpath('check', '--revision', 'v3', 'crashes', 'one-press', ...files);
    expect([code, err]).toEqual([1, expect.not.stringContaining('LMP-')]);
    const document = checkSchema.parse(JSON.parse(await readFile(join(cwd, 'r.json'), 'utf8')));
    const [id = ''] = document.scenarios.flatMap(({ findings }) => findings.map((finding) => finding.id));
    const page: unknown = JSON.parse(await pageOf('r.html'));
    expect(page).toMatchObject({
      kind: 'check',
      document: { revision: 'v3' },
      stories: [{ story: { finding: { id }, detail: { edges: expect.any(Array), objects: expect.any(Array) } } }],
    });
    expect(await readFile(join(cwd, 'r.ktap'), 'utf8')).toMatch(/^KTAP version 1\n1\.\.1\n {2}KTAP version 1\n/);
    expect(await readFile(join(cwd, 'r.xml'), 'utf8')).toContain('<failure message=');
    expect(out).toMatch(new RegExp(`^::error title=toy crashes on v3::${id} null-dereference`, 'm'));
  });

  it('are also had of one schedule', async () => {
    const { out } = await mpath('check', '--revision', 'v3', 'crashes');
    const [, token = ''] = /^mpath replay (\S+)$/m.exec(out) ?? [];
    expect((await mpath('replay', token, '--html', 'one.html')).code).toBe(1);
    expect(await pageOf('one.html')).toMatch(/^\{"kind":"replay"/);
  });

  it('are had of a comparison of two models', async () => {
    const { code } = await mpath('diff', 'v3', 'v3', 'one-press', '--html', 'd.html', '--junit', 'd.xml');
    expect(code).toBe(0);
    expect(await pageOf('d.html')).toMatch(/^\{"kind":"diff"/);
    expect(await readFile(join(cwd, 'd.xml'), 'utf8')).toContain('tests="1" failures="0"');
  });

  it('are refused before anything is explored where they cannot be written', async () => {
    const { code, err } = await mpath('check', '--revision', 'v3', '--html', 'no/such/r.html');
    expect(code).toBe(2);
    expect(err).toContain('LMP-920');
    expect(err).not.toContain('exploring');
  });
});
