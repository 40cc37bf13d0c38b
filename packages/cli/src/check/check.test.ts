// SPDX-License-Identifier: GPL-2.0-only
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckDocument, CheckRevision } from '@libmultipath/contract';
import { checkSchema } from '@libmultipath/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath, runMpath, startMpath } from '../testing/mpath-process.js';
import type { Ran } from '../testing/ran.js';
import { toyLibrary, writeKnown } from '../testing/toy-library.js';

let dir = '';
const timeoutMs = 60_000;
const mpath = (...args: string[]): Promise<Ran> => runMpath(args, { cwd: dir, timeoutMs });

/** The document, which has to be of its schema and alone on standard output. */
const checked = async (...args: string[]): Promise<CheckDocument & { readonly code: number | null }> => {
  const { code, out } = await mpath('check', ...args, '--json', '-');
  return { ...checkSchema.parse(JSON.parse(out)), code };
};

const withoutStats = (document: CheckDocument): unknown =>
  JSON.parse(JSON.stringify(document, (key, value: unknown) => (key === 'stats' ? undefined : value)));

beforeAll(async () => {
  await buildMpath();
  dir = await toyLibrary();
}, 300_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('mpath check', { timeout: 120_000 }, () => {
  it('passes where nothing is found, and says within which bound', async () => {
    const { code, out } = await mpath('check', '--revision', 'v3', 'one-press', 'racing-presses');
    expect(code).toBe(0);
    expect(out).toBe(
      'v3\n' +
        '  pass         one-press                        complete (sequential consistency); 1 execution\n' +
        '  pass         racing-presses                   complete (sequential consistency); 4 executions\n' +
        'v3: 2 pass, 0 fail, 0 findings\n' +
        '  complete (sequential consistency)\n',
    );
  });

  it('fails on what is not listed, and prints it with a token that shows it again', async () => {
    const { code, out } = await mpath('check', '--revision', 'v3', 'crashes');
    expect(code).toBe(1);
    expect(out).toMatch(/^ {6}NULL-[0-9a-f]{6} {2}null-dereference in \w+\(\), not listed$/m);
    expect(out).toContain('\nBUG: kernel NULL pointer dereference in toy_panel\n');
    const [, token = ''] = /^mpath replay (\S+)$/m.exec(out) ?? [];
    const replayed = await mpath('replay', token);
    expect([replayed.code, replayed.err]).toEqual([1, '']);
    expect(replayed.out).toContain('BUG: kernel NULL pointer dereference in toy_panel');
  });

  it('is content with what is listed, and fails when that is gone or the list is of another revision', async () => {
    const { scenarios } = await checked('--revision', 'v3');
    const ids = scenarios.flatMap(({ findings }) => findings.map(({ id }) => id));
    expect(ids).toHaveLength(2);
    const known = join(dir, 'known');
    const listed = ids.map((id) => ({ id, revisions: ['v3'] }));
    await writeKnown(known, listed);
    expect(await checked('--revision', 'v3', '--known', 'known')).toMatchObject({ code: 0, gone: [], complete: true });
    await writeKnown(known, [...listed, { id: 'UAF-000000', revisions: ['v3'] }]);
    expect(await checked('--revision', 'v3', '--known', 'known')).toMatchObject({ code: 1, gone: ['UAF-000000'] });
    // Of one scenario nobody can say that the list's other findings are gone.
    expect(await checked('--revision', 'v3', '--known', 'known', 'crashes')).toMatchObject({ code: 0, gone: [] });
    const fixed = await checked('--revision', 'fixed', '--known', 'known');
    expect(fixed.code).toBe(1);
    expect(fixed.scenarios.flatMap(({ findings }) => findings.map((one) => one.known))).toEqual([false]);
  });

  it('stops at the bound on steps and says incomplete', async () => {
    const { code, out } = await mpath('check', '--revision', 'v3', 'racing-presses', '--steps', '5');
    expect(code).toBe(4);
    expect(out).toMatch(/^ {2}incomplete {3}racing-presses +stopped after \d+ steps; \d+ executions?$/m);
  });

  it('run by an author, looks at fixed first: what shows there is the driver’s, the rest the library’s', async () => {
    const document = await checked('crashes', 'hangs');
    expect(document).toMatchObject({ code: 1, revision: 'v3', against: { revision: 'fixed' } });
    const owners = document.scenarios.map(({ name, findings }) => [name, ...findings.map(({ owner }) => owner)]);
    expect(owners).toEqual([
      ['crashes', 'library'],
      ['hangs', 'driver'],
    ]);
    const { out } = await mpath('check', 'crashes', 'hangs');
    const order = ['fixed: what shows here', '\nv3\n', 'blocked for more than', 'Only on v3', 'NULL pointer'];
    const places = order.map((text) => out.lastIndexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBe(0);
  });

  it('explores up to some preemptions, or a sample, and says so', async () => {
    expect(await checked('--revision', 'v3', 'racing-presses', '--preemptions', '0')).toMatchObject({
      code: 0,
      bound: 'complete up to 0 preemptions (sequential consistency)',
    });
    // There are no more schedules than those with one.
    expect(await checked('--revision', 'v3', 'one-press', '--preemptions', '1')).toMatchObject({
      code: 0,
      bound: 'complete (sequential consistency)',
    });
    const drawn = ['--revision', 'v3', 'one-press', 'crashes', '--sample', '50', '--seed', '7'];
    const sampled = await checked(...drawn);
    expect(sampled).toMatchObject({ code: 1, complete: true, bound: 'sampled 50 schedules, seed 7 (POS)' });
    const again = await checked(...drawn, '--workers', '1');
    expect(withoutStats(again)).toEqual(withoutStats(sampled));
  });

  it('writes the same document whatever the number of threads, to a file as to standard output', async () => {
    const document = await checked('--revision', 'v3', '--workers', '1');
    expect(await mpath('check', '--revision', 'v3', '--workers', '2', '--json', 'out.json')).toMatchObject({ code: 1 });
    const { code: _code, ...first } = document;
    const second = checkSchema.parse(JSON.parse(await readFile(join(dir, 'out.json'), 'utf8')));
    expect(withoutStats(second)).toEqual(withoutStats(first));
  });

  it('goes on from what it saved, and refuses a checkpoint that is damaged', async () => {
    const some = ['--revision', 'v3', 'racing-presses'];
    expect(await mpath('check', ...some, '--steps', '5', '--save', 'left')).toMatchObject({ code: 4 });
    expect(await checked(...some, '--resume', 'left')).toMatchObject({ code: 0, complete: true });
    const file = join(dir, 'left');
    await writeFile(file, `${await readFile(file, 'utf8')}x`);
    const refused = await mpath('check', ...some, '--resume', 'left');
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^(exploring.*\n)?LMP-343: /) });
  });

  it('knows every state again where that is asked, and the verdict, the document and JUnit say so', async () => {
    const some = ['--revision', 'v3', 'racing-presses'];
    expect(await checked(...some, '--states', 'all', '--junit', 'all.xml')).toMatchObject({
      code: 0,
      states: 'all',
      bound: 'complete (sequential consistency, each state once, data races within a run)',
    });
    expect(await readFile(join(dir, 'all.xml'), 'utf8')).toContain('<property name="states" value="each state once: ');
    expect(await checked(...some, '--states', 'all-forgetting')).toMatchObject({
      code: 0,
      states: 'all-forgetting',
      bound: 'complete (sequential consistency, each state once by the rule of decision 0007, data races within a run)',
    });
    const plain = await checked(...some, '--states', 'settle');
    expect(withoutStats(plain)).toEqual(withoutStats(await checked(...some)));
    expect(plain.states).toBeUndefined();
  });

  it('finds the same with every state known again, saved and resumed too', async () => {
    const some = ['--revision', 'v3'];
    const ids = ({ scenarios }: CheckDocument) => scenarios.map(({ name, findings }) => [name, findings]);
    const all = await checked(...some, '--states', 'all', '--workers', '2');
    expect(ids(all)).toEqual(ids(await checked(...some)));
    const one = ['--revision', 'v3', 'racing-presses', '--states', 'all'];
    expect(await mpath('check', ...one, '--steps', '5', '--save', 'states')).toMatchObject({ code: 4 });
    expect(await checked(...one, '--resume', 'states')).toMatchObject({ code: 0, complete: true, states: 'all' });
    const refused = await mpath('check', '--revision', 'v3', 'racing-presses', '--resume', 'states');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(/LMP-344: the checkpoint was saved with revisits forget-nothing, asked for is false/);
  });

  it('says of no data race that it is gone where a state was met again, and of nothing by a rule', async () => {
    const listed = ['RACE-000000', 'UAF-000000'].map((id) => ({ id, revisions: ['v3'] }));
    const found = (await checked('--revision', 'v3')).scenarios.flatMap(({ findings }) => findings);
    await writeKnown(join(dir, 'open'), [...listed, ...found.map(({ id }) => ({ id, revisions: ['v3'] }))]);
    const gone = async (...args: string[]) => (await checked('--revision', 'v3', '--known', 'open', ...args)).gone;
    expect(await gone()).toEqual(['RACE-000000', 'UAF-000000']);
    expect(await gone('--states', 'all')).toEqual(['UAF-000000']);
    expect(await gone('--states', 'all-forgetting')).toEqual([]);
    const { out } = await mpath('check', '--revision', 'v3', '--known', 'open', '--states', 'all');
    expect(out).toContain('  listed and not seen this time: 1 (no sign that they are gone)\n');
  });

  it('ends by a signal after its report', async () => {
    const args = ['check', '--revision', 'v3', 'racing-presses', '--sample', '900000000', '--json', 'cut.json'];
    const run = startMpath(args, { cwd: dir, timeoutMs });
    await run.wrote(/exploring/);
    run.kill('SIGINT');
    const { code, out, err } = await run.ended;
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining('stopped by SIGINT\n') });
    expect(out).toMatch(/^ {2}incomplete {3}racing-presses +stopped by SIGINT; [\d,]+ executions$/m);
    const document = checkSchema.parse(JSON.parse(await readFile(join(dir, 'cut.json'), 'utf8')));
    expect(document).toMatchObject({ complete: false, bound: 'stopped by SIGINT' });
  });

  it('puts a remedy in: what is listed for v3 and does not show any more is no failure', async () => {
    const [mended, other] = ['rearming-puts-module', 'init-sets-module'];
    expect(await checked('--remedy', mended, 'crashes')).toMatchObject({ code: 0, revision: `v3+${mended}` });
    const { code, scenarios } = await checked('--remedy', other, 'crashes');
    expect([code, scenarios[0]?.findings.length]).toEqual([1, 1]);
  });

  it.each([
    [['--preemtions', '2'], /--preemptions/],
    [['--revision', 'v4'], /^LMP-905: v4: no model is called v4\n {2}→ did you mean .*v3/],
    [['--remedy', 'rearming'], /^LMP-101: expected one of init-sets-module, .*rearming/],
    [['--remedy', 'init-sets-module', '--revision', 'fixed'], /^LMP-909: --remedy: expected v3/],
    [['--sample', '5', '--preemptions', '1'], /^LMP-909: --preemptions: --preemptions does not go with --sample/],
    [['--states', 'all', '--sample', '5'], /^LMP-909: --states: --states does not go with --sample/],
    [['--states', 'all', '--preemptions', '1'], /^LMP-909: --states: --states does not go with --preempt/],
    [['--states', 'all', '--quick'], /^LMP-909: --states: --quick does not go with --states/],
    [['--states', 'every'], /settle/],
    [['--seed', '5'], /^LMP-909: --seed: expected --sample N/],
    [['--steps', 'many'], /expected a whole number from 1/],
    [['--known', 'nowhere'], /^LMP-913: --known nowhere: /],
    [['--json', 'no/such/folder'], /^LMP-907: /],
    [['crashs'], /^LMP-903: crashs: .*\n {2}→ did you mean crashes\?/],
  ])('%j is answered with a number or the nearest name, and exit 2', async (args, message) => {
    const { code, out, err } = await mpath('check', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });
});

describe('the list of drivers/nvme', { timeout: 280_000 }, () => {
  const nvme = async (...args: string[]): Promise<CheckDocument & { readonly code: number | null }> => {
    const cwd = fileURLToPath(new URL('../../../../', import.meta.url));
    const { code, out } = await runMpath(['check', '--driver', 'nvme', ...args, '--json', '-'], {
      cwd,
      timeoutMs: 250_000,
    });
    return { ...checkSchema.parse(JSON.parse(out)), code };
  };

  it('is all that a kernel’s own multipath shows', async () => {
    const names = ['last-path-removed', 'numa-local-path', 'path-removed-under-load', 'round-robin-alternates'];
    expect(await nvme('--revision', '6.1', ...names)).toMatchObject({ code: 0, complete: true, gone: [] });
  });

  it('says of the library what shows on v3 and on fixed', async () => {
    const both = await nvme('last-path-removed', 'path-removed-under-load');
    const found = (part: CheckRevision | undefined) =>
      part?.scenarios.flatMap(({ findings }) => findings.map(({ id, owner }) => [id, owner]));
    expect(both.code).toBe(0);
    expect(found(both)).toEqual([
      ['HANG-115ffb', 'library'],
      ['UAF-ed643a', 'library'],
    ]);
    expect(found(both.against)).toEqual([]);
  });
});

describe('mpath repair', { timeout: 120_000 }, () => {
  it('names the remedy after which a finding is gone, by id and by token', async () => {
    const { scenarios } = await checked('--revision', 'v3', 'crashes');
    const [finding] = scenarios.flatMap(({ findings }) => findings);
    if (finding === undefined) throw new Error('nothing was found');
    const byId = await mpath('repair', finding.id);
    expect(byId.code).toBe(0);
    expect(byId.out).toContain(`${finding.id}  null-dereference in `);
    expect(byId.out).toContain('  gone with\n    - rearming-puts-module\n');
    expect(await mpath('repair', finding.replay)).toMatchObject({ code: 0, out: byId.out });
  });

  it('says so when nothing mends it, and when there is no such finding', async () => {
    const { scenarios } = await checked('--revision', 'v3', 'hangs');
    const [finding] = scenarios.flatMap(({ findings }) => findings);
    if (finding === undefined) throw new Error('nothing was found');
    const { code, out } = await mpath('repair', finding.id, 'hangs');
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}no set of the \d+ remedies mends it\n {2}no mend, the finding stays\n/m);
    expect(await mpath('repair', 'HANG-000000', 'hangs')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/LMP-914: HANG-000000: expected HANG-000000 in 1 scenario on v3, found HANG-/),
    });
    expect(await mpath('repair', 'nonsense')).toMatchObject({ code: 2, err: expect.stringMatching(/^LMP-912: /) });
  });
});
