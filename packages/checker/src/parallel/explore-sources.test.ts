// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical-json.js';
import { CHECKPOINT_SCHEMA } from '../checkpoint/checkpoint.js';
import { parseCheckpoint, readCheckpoint, writeCheckpoint } from '../checkpoint/file.js';
import type { Exploration } from '../exploration.js';
import { explore } from '../explore.js';
import { anySpec, programOf, toyDigest } from '../random-program.test.kit.js';
import { exploreSources, type ParallelOptions, type ParallelResult } from './explore-sources.js';
import type { Json } from './program-source.js';
import { crowd } from './toy-programs.test.kit.js';
import { fromSource, toyProgram } from './worker-entry.test.kit.js';

const ends = (found: Exploration) => ({
  complete: found.complete,
  bound: found.bound,
  outcomes: found.outcomes.map(({ key }) => key),
  reports: found.reports.map(({ key }) => key),
  stuck: found.ends.stuckAt.map(({ key }) => key),
});

const bytes = ({ results }: ParallelResult): string =>
  canonicalJson(
    results.map(({ name, exploration, error }) => ({
      name,
      exploration,
      error: error === undefined ? null : String(error),
    })),
  );

const run = (sources: Parameters<typeof exploreSources>[0], options: Partial<ParallelOptions> = {}) =>
  exploreSources(sources, { workers: 0, entry: fromSource, ...options });

/** Crowds, in parts of a few hundred steps, and random programs. */
const battery = () => {
  const specs = fc.sample(anySpec, { numRuns: 20, seed: 11 }).filter((spec) => {
    const found = explore(programOf(spec), { digest: toyDigest, maxExecutions: 300 });
    return found.complete && found.stats.executions > 5;
  });
  return [
    toyProgram('crowd', { tasks: 3, writes: 2, warns: 1 }),
    // Plain data, as generated; the type is the interface of a generator.
    ...specs.map((spec) => toyProgram('random', spec as unknown as Json)),
    toyProgram('plain'),
  ];
};
const parts = { wholeSteps: 200, unitSteps: 100 };

describe('a battery of programs', () => {
  it('gives the same bytes with no thread, one, two and three, in parts or whole', async () => {
    const sources = battery();
    expect(sources.length).toBeGreaterThan(6);
    const here = bytes(await run(sources, parts));
    for (const workers of [1, 2, 3]) expect(bytes(await run(sources, { ...parts, workers }))).toBe(here);
    for (const plan of [{}, { ...parts, maxPreemptions: 1 }, { ...parts, maxExecutions: 40 }]) {
      expect(bytes(await run(sources, { ...plan, workers: 2 }))).toBe(bytes(await run(sources, plan)));
    }
  }, 300_000);

  it('finds what the search in one piece finds', async () => {
    const { results, checkpoint } = await run([toyProgram('crowd', { tasks: 3, writes: 3, warns: 1 })], {
      ...parts,
      workers: 2,
    });
    const whole = explore(crowd({ tasks: 3, writes: 3, warns: 1 }));
    expect(whole.reports).toHaveLength(1);
    expect(results.map(({ exploration }) => ends(exploration))).toEqual([ends(whole)]);
    expect(results[0]).toMatchObject({ name: 'crowd of 3 × 3' });
    expect(checkpoint).toBeUndefined();
  });

  it('tells how far it is', async () => {
    const told: number[][] = [];
    await run([toyProgram('crowd', { tasks: 3, writes: 3 }), toyProgram('plain')], {
      ...parts,
      revisits: false,
      onProgress: ({ done, executions, estimate = 0, rate = 0 }) => told.push([done, executions, estimate, rate]),
    });
    const { executions } = explore(crowd({ tasks: 3, writes: 3 }), { revisits: false }).stats;
    expect(told.length).toBeGreaterThan(5);
    expect(told.at(-1)?.slice(0, 3)).toEqual([2, executions + 2, executions + 2]);
    expect(told.every(([, , , rate = 0]) => rate > 0)).toBe(true);
  });
});

describe('a program that is wrong', () => {
  it('and never comes back is named with its function and task, and the others go on', async () => {
    const sources = [toyProgram('endless'), toyProgram('crowd', { tasks: 2, writes: 2 }), toyProgram('plain')];
    const { results } = await run(sources, { workers: 1, stallMs: 1_000 });
    expect(results.map(({ exploration }) => exploration.complete)).toEqual([false, true, true]);
    const [endless] = results;
    expect(endless?.exploration.bound).toBe('stopped by an error');
    expect(endless?.error).toMatchObject({
      code: 'LMP-341',
      message: 'spin, called by choose_path went on for 1000 ms without a step, in task submitter',
      where: 'toy-programs.test.kit.ts: endless < choose_path',
    });
  });

  it('keeps its number and schedule across a thread', async () => {
    for (const workers of [0, 1]) {
      const { results } = await run([toyProgram('throws'), toyProgram('plain')], { workers });
      expect(results[0]?.error).toMatchObject({
        code: 'LMP-301',
        where: 'program throws, task b, b: read cell.value',
        cause: { schedule: [{ task: 'b', site: 'b: read cell.value' }] },
      });
      expect(results[1]?.exploration.complete).toBe(true);
    }
  });

  it('or not there is refused by name', async () => {
    const { results } = await run([
      toyProgram('nothing'),
      toyProgram('number'),
      { module: 'file:///no/such.js', export: 'x' },
    ]);
    expect(results.map(({ error }) => error)).toEqual([
      expect.objectContaining({ code: 'LMP-340', message: 'expected an export named nothing, found none' }),
      expect.objectContaining({
        code: 'LMP-340',
        message: 'expected a program, or { program, options }, found number',
      }),
      expect.objectContaining({ code: 'LMP-340', where: 'such.js: x' }),
    ]);
  });

  it('and takes its thread with it leaves the others', async () => {
    const { results } = await run([toyProgram('quits'), toyProgram('plain')], { workers: 1 });
    expect(results[0]?.error).toMatchObject({ code: 'LMP-342', where: 'toy-programs.test.kit.ts: quits' });
    expect(results[1]?.exploration.complete).toBe(true);
  });
});

describe('a checkpoint', () => {
  const large = [toyProgram('crowd', { tasks: 4, writes: 2, warns: 2 }), toyProgram('crowd', { tasks: 3, writes: 3 })];
  const plan = { wholeSteps: 5_000, unitSteps: 2_000 };
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const saved = async (name: string, options: Partial<ParallelOptions> = {}): Promise<string> => {
    const { checkpoint } = await run(large, { ...plan, maxExecutions: 300, ...options });
    if (checkpoint === undefined) throw new Error('nothing was left');
    const file = join(dir, name);
    await writeCheckpoint(file, checkpoint);
    return file;
  };

  it('goes on to the very end of an exploration that nobody stopped, with any number of threads', async () => {
    const straight = bytes(await run(large, plan));
    const file = await saved('a');
    for (const workers of [0, 2]) {
      expect(bytes(await run(large, { ...plan, workers, resume: await readCheckpoint(file) }))).toBe(straight);
    }
  });

  it('is written when time or a signal stops threads, shows what was found, and says why', async () => {
    const straight = bytes(await run(large, plan));
    const stop = new AbortController();
    let shown = 0;
    const part = await run(large, {
      ...plan,
      workers: 2,
      signal: stop.signal,
      onProgress: ({ executions }) => {
        shown = executions;
        if (executions > 100) stop.abort('SIGINT');
      },
    });
    const stopped = part.results.map(({ exploration }) => exploration).filter(({ complete }) => !complete);
    expect(stopped.map(({ bound }) => bound)).toContain('stopped by SIGINT');
    // Which of the programs had its turn by then is up to the threads.
    const found = part.results.flatMap(({ exploration }) => exploration.outcomes);
    expect(shown).toBeGreaterThan(100);
    expect(found.length).toBeGreaterThan(0);
    const { checkpoint } = part;
    if (checkpoint === undefined) throw new Error('nothing was left');
    expect(bytes(await run(large, { ...plan, resume: checkpoint }))).toBe(straight);
    for (const workers of [0, 2]) {
      const late = await run([toyProgram('crowd', { tasks: 8, writes: 4 })], { workers, timeMs: 500 });
      expect(late.results[0]?.exploration.bound).toBe('stopped after 500 milliseconds');
      expect(late.checkpoint?.programs).toHaveLength(1);
    }
  });

  it('comes with what the part took that was told to stop in the middle', async () => {
    const plan = { workers: 0, timeMs: 500, wholeSteps: 1_000_000_000 };
    const { results } = await run([toyProgram('crowd', { tasks: 8, writes: 4 })], plan);
    expect(results[0]?.exploration.stats.executions).toBeGreaterThan(0);
  });

  it('replaces the one before whole or not at all', async () => {
    const file = await saved('b');
    const before = await readFile(file, 'utf8');
    const later = await run(large, { ...plan, maxExecutions: 900, resume: await readCheckpoint(file) });
    if (later.checkpoint === undefined) throw new Error('nothing was left');
    await writeCheckpoint(file, later.checkpoint);
    expect(await readFile(file, 'utf8')).not.toBe(before);
    expect(await readdir(dir)).not.toContainEqual(expect.stringContaining('.new'));
    await expect(writeCheckpoint(join(dir, 'no', 'such'), later.checkpoint)).rejects.toMatchObject({ code: 'LMP-345' });
    await expect(readCheckpoint(join(dir, 'none'))).rejects.toMatchObject({ code: 'LMP-345' });
  });

  it('is refused when any byte of it is missing or changed', async () => {
    const file = await saved('c');
    const text = await readFile(file, 'utf8');
    fc.assert(
      fc.property(fc.nat(text.length - 3), fc.boolean(), (at, cut) => {
        const other = text[at] === 'x' ? 'y' : 'x';
        const damaged = cut ? text.slice(0, at) : `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
        expect(() => parseCheckpoint(damaged, 'c')).toThrow(expect.objectContaining({ where: 'c' }));
      }),
      { numRuns: 300, seed: 3 },
    );
    await writeFile(file, text.slice(0, -100));
    await expect(readCheckpoint(file)).rejects.toMatchObject({
      code: 'LMP-343',
      message: expect.stringMatching(/^expected \d+ bytes after the first line, found \d+$/),
    });
    expect(() => parseCheckpoint('{"schema":"mpath.verify/1"}\n', 'd')).toThrow(
      expect.objectContaining({ code: 'LMP-343' }),
    );
  });

  it('of another version, plan, program or code is refused with what differs', async () => {
    const file = await saved('e');
    const resume = await readCheckpoint(file);
    const text = await readFile(file, 'utf8');
    expect(() => parseCheckpoint(text.replace(CHECKPOINT_SCHEMA, 'mpath.checkpoint/9'), file)).toThrow(
      expect.objectContaining({ code: 'LMP-344', message: `expected ${CHECKPOINT_SCHEMA}, found mpath.checkpoint/9` }),
    );
    const refused = async (message: string, sources: typeof large, options: Partial<ParallelOptions>) => {
      await expect(run(sources, { ...plan, resume, ...options })).rejects.toMatchObject({ code: 'LMP-344', message });
    };
    await refused('the checkpoint was saved with maxPreemptions none, asked for is 2', large, {
      maxPreemptions: 2,
    });
    await refused('the checkpoint was saved with revisits false, asked for is forget-nothing', large, {
      revisits: 'forget-nothing',
    });
    await refused('the checkpoint is of 2 programs, asked for are 1', large.slice(1), {});
    await refused(
      'program 2 of the checkpoint is toy-programs.test.kit.ts: crowd({"tasks":3,"writes":3})',
      [...large.slice(0, 1), toyProgram('plain')],
      {},
    );
    const edited = {
      ...resume,
      programs: resume.programs.map((program) => ({
        ...program,
        begun: { name: 'crowd of 4 × 2', fingerprint: 'as it was before an edit' },
      })),
    };
    await refused('the code of crowd of 4 × 2 takes other steps than when the checkpoint was saved', large, {
      resume: edited,
    });
  });
});

it.each([{ workers: -1 }, { timeMs: 0 }, { unitSteps: 0.5 }])('refuses %j', async (options) => {
  await expect(run([toyProgram('plain')], options)).rejects.toMatchObject({ code: 'LMP-306' });
});
