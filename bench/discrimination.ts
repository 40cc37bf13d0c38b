// SPDX-License-Identifier: GPL-2.0-only
// Do the recordings tell a wrong model from a right one? Makes mutants of the models that predict released
// kernels and compares each with what the kernels were recorded to do.
//
//   npm run bench -- discrimination [--mutants N] [--seed N] [--driver NAME] [--only untold] [--seconds N] [--fresh]
//                                   [--write] [--trace]
//
// Without --seed the mutants are those of bench/discrimination/drawn.txt; with one they are drawn anew. --write brings
// the lists below bench/discrimination and those of observations up to date. What earlier runs were answered is used
// again where neither the models nor the scenario, its recording or the question changed; --fresh forgets it.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onEndSignals, exitCodeOf } from '@libmultipath/harness';
import { Changed } from './discrimination/changed.js';
import { readDrawn, sitesOf, writeDrawn } from './discrimination/drawn.js';
import { Fingerprints } from './discrimination/fingerprint.js';
import { keyOf, Memory } from './discrimination/memory.js';
import { rowsBySite, type Reached } from './discrimination/coverage.js';
import type { Tried } from './discrimination/fate.js';
import { withProbes, withSwitches } from './discrimination/instrument.js';
import { inLanes, ProcessPlace } from './discrimination/lanes.js';
import { modelKey, rowKey, type Ask, type Judged, type Row } from './discrimination/messages.js';
import { printFates, printObservations, printShare } from './discrimination/print.js';
import {
  measuredText,
  read,
  readReadings,
  readReasons,
  writeReadings,
  writeReasons,
} from './discrimination/reasons.js';
import { stratified } from './discrimination/sampling.js';
import type { Site } from './discrimination/site.js';
import { modelSources } from './discrimination/sources.js';
import { tryMutant, type OwnSearch, type Place } from './discrimination/try-mutant.js';
import { TypeGate } from './discrimination/type-gate.js';
import { writeObservations } from './discrimination/write-observations.js';
import { writeModules } from './discrimination/write-modules.js';

const root = join(import.meta.dirname, '..');
const reasonsFile = join(import.meta.dirname, 'discrimination', 'survivors.yaml');
const readingsFile = join(import.meta.dirname, 'discrimination', 'same.yaml');
const drawnFile = join(import.meta.dirname, 'discrimination', 'drawn.txt');
const memoryFile = join(root, '.cache', 'discrimination.jsonl');
const child = join(import.meta.dirname, 'discrimination', 'child.ts');
/** Steps of a search that only shows what a row executes. */
const REACH_STEPS = 40_000;
/** A row whose own search takes longer takes no part. */
const BASELINE_STEPS = 200_000;
/** Milliseconds of the processor. */
const SEARCH_MS = 6_000;
const BASELINE_MS = 40_000;
/** By the clock of the room, on a machine that others keep busy. */
const ANSWER_MS = 400_000;
/** Schedules of the model as it is in which a recorded outcome is looked for. */
const WITNESSES = 200;

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '340' },
    seed: { type: 'string' },
    driver: { type: 'string' },
    only: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '3000' },
    write: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});

const refuse = (text: string): never => {
  process.stderr.write(`${text}\n`);
  return process.exit(2);
};
const whole = (name: 'mutants' | 'seed' | 'seconds', text: string, least: number): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`--${name}: expected a whole number of at least ${String(least)}, found ${text}`);
};
const mutants = whole('mutants', values.mutants, 1);
const seed = whole('seed', values.seed ?? '6', 0);
/** No mutant is begun after that; what was tried is still judged, and the rest counted. */
const untilMs = whole('seconds', values.seconds, 1) * 1_000;
if (values.only !== undefined && values.only !== 'untold') refuse(`--only: expected untold, found ${values.only}`);
const isPart = values.seed !== undefined || values.only !== undefined || values.driver !== undefined;
if (values.write && isPart) refuse('--write: expected the whole draw, found --seed, --only or --driver beside it');

const folder = mkdtempSync(join(tmpdir(), 'mpath-discrimination-'));
const sources = modelSources(root);
const fingerprints = new Fingerprints(root, sources);
const memory = new Memory(memoryFile);
if (values.fresh) memory.forget();
const siteKeys = new Map(sources.flatMap(({ sites }) => sites.map(({ id, key }): [number, string] => [id, key])));
/** Probes are told by their numbers, which another source text may give to others. */
const numbering = keyOf(sources.map(({ file, text }) => [file, text]));
/** What an answer depends on. */
const askKey = (ask: Ask): string | undefined => {
  if (ask.what === 'rows') return undefined;
  const { row, ...question } = ask;
  const mutant = 'mutant' in question ? (siteKeys.get(question.mutant) ?? '') : numbering;
  const about = [row.driver, row.scenario, row.kernel, row.model, row.content, fingerprints.of(row.driver)];
  return keyOf([...about, { ...question, mutant }]);
};
const places: ProcessPlace[] = [];
const place = (modules: ReadonlyMap<string, string>, atLoad = -1): ProcessPlace => {
  const made = new ProcessPlace(child, modules, memory, askKey, atLoad);
  places.push(made);
  return made;
};
const cleanUp = async (): Promise<void> => {
  await Promise.all(places.map((one) => one.lost()));
  rmSync(folder, { recursive: true, force: true });
};
onEndSignals(async (signal) => {
  await cleanUp();
  process.exit(exitCodeOf(signal));
});
const width = availableParallelism();
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const began = performance.now();
const seconds = (): string => `${((performance.now() - began) / 1_000).toFixed(0)} s`;

/** What each row executes. */
const cover = async (rows: readonly Row[]): Promise<Reached[]> => {
  const modules = writeModules(root, join(folder, 'probes'), sources, ({ file, text, sites, owners }) =>
    withProbes(file, text, sites, owners),
  );
  const reached: Reached[] = [];
  await inLanes(
    Array.from({ length: width }, () => place(modules)),
    byModel(rows),
    async (lane, alike) => {
      const [row] = alike;
      const found = await lane.ask<'reach'>({ what: 'reach', row, maxSteps: REACH_STEPS }, ANSWER_MS);
      const probes = new Set(found);
      reached.push(...alike.map((one) => ({ row: one, probes })));
    },
  );
  await Promise.all(places.splice(0).map((one) => one.lost()));
  return reached;
};

/** Rows whose kernels one model predicts are searched once. */
const byModel = (rows: readonly Row[]): (readonly [Row, ...Row[]])[] => {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const group = groups.get(modelKey(row));
    if (group === undefined) groups.set(modelKey(row), [row]);
    else group.push(row);
  }
  return [...groups.values()];
};

/** The models as they are: rows that agree, with what their searches cost. */
const judgeAll = async (lanes: readonly ProcessPlace[], rows: readonly Row[]): Promise<Map<string, OwnSearch>> => {
  const baseline = new Map<string, OwnSearch>();
  const schedules = Array.from({ length: WITNESSES }, (_, nth) => nth);
  await inLanes(lanes, byModel(rows), async (lane, alike) => {
    for (const row of alike) {
      const ask = { what: 'judge', row, mutant: -1, maxSteps: BASELINE_STEPS, timeMs: BASELINE_MS } as const;
      const found = await lane.ask<'judge'>(ask, ANSWER_MS);
      if (found.verdict !== 'agree') {
        say(`left out: ${rowKey(row)}: ${found.verdict} ${found.reason}`);
        continue;
      }
      const drawn = await lane.ask<'sample'>({ what: 'sample', row, mutant: -1, schedules }, ANSWER_MS);
      baseline.set(rowKey(row), { ...found, witnesses: drawn.witnesses, ways: drawn.ways });
    }
  });
  return baseline;
};

/** The model as it is, searched for defects too. */
const wholeSearch = async (row: Row, where: Place): Promise<Judged> => {
  const ask = { what: 'judge', row, mutant: -1, defects: true, maxSteps: BASELINE_STEPS, timeMs: BASELINE_MS } as const;
  return where.ask<'judge'>(ask, ANSWER_MS);
};

const lanesOn = (modules: ReadonlyMap<string, string>): ProcessPlace[] =>
  Array.from({ length: width }, () => place(modules));

const run = async (): Promise<number> => {
  const plain = lanesOn(writeModules(root, join(folder, 'plain'), [], () => ''));
  const [first] = plain;
  const all = (await first?.ask<'rows'>({ what: 'rows' }, ANSWER_MS)) ?? [];
  const asked = all.filter(({ driver }) => values.driver === undefined || driver === values.driver);
  const baseline = await judgeAll(plain, asked);
  await Promise.all(places.splice(0).map((one) => one.lost()));
  const rows = asked.filter((row) => baseline.has(rowKey(row)));
  say(`the models as they are: ${String(rows.length)} of ${String(asked.length)} rows take part; ${seconds()}`);
  const covered = rowsBySite(sources, await cover(rows));
  printShare(say, sources, covered, rows);

  const gate = new TypeGate(root, new Map(sources.map(({ file, text }) => [file, text])));
  let refused = 0;
  const refuses = (site: Site): boolean => {
    const isRefused = gate.refuses(site);
    if (isRefused) refused++;
    return isRefused;
  };
  const drawn = values.seed === undefined ? readDrawn(drawnFile) : [];
  const kept = sitesOf(drawn, covered.keys()).slice(0, mutants);
  const drawnNow = stratified([...covered.keys()], mutants, seed, refuses, kept);
  say(
    `${String(drawnNow.length)} mutants, ${String(kept.length)} of them of the earlier draw of ${String(drawn.length)}; ${String(refused)} more were drawn that the type checker refuses; ${seconds()}`,
  );
  const reasons = readReasons(reasonsFile);
  const readings = readReadings(readingsFile);
  const sites =
    values.only === undefined ? drawnNow : drawnNow.filter(({ key }) => reasons.has(key) || readings.has(key));
  const byFile = new Map<string, Site[]>();
  for (const site of sites) byFile.set(site.file, [...(byFile.get(site.file) ?? []), site]);
  const mutated = sources.filter(({ file }) => byFile.has(file));
  const modules = writeModules(root, join(folder, 'switches'), mutated, ({ file, text }) =>
    withSwitches(file, text, byFile.get(file) ?? []),
  );
  const changed = new Changed();
  const wholes = new Map<string, Promise<Judged>>();
  const whole = (row: Row, where: Place): Promise<Judged> => {
    const known = wholes.get(rowKey(row)) ?? wholeSearch(row, where);
    wholes.set(rowKey(row), known);
    return known;
  };
  const tried: Tried[] = [];
  await inLanes(lanesOn(modules), sites, async (lane, site) => {
    if (performance.now() - began > untilMs) return;
    // What is evaluated when modules are loaded needs a process of its own; the model as it is never comes from it.
    const own = site.isStatic ? place(modules, site.id) : lane;
    const wholeHere = (row: Row): Promise<Judged> => whole(row, lane);
    const found = await tryMutant(own, site, covered.get(site) ?? [], {
      baseline,
      changed,
      whole: wholeHere,
      searchMs: SEARCH_MS,
    });
    if (own !== lane) await own.lost();
    tried.push(found);
    if (values.trace) {
      const meant = rows.reduce((sum, row) => sum + changed.of(row).length, 0);
      say(
        `${seconds()} ${found.fate} ${site.file}:${String(site.line)} ${site.operator}; ${String(meant)} observations; ${measuredText(site, found.measured)}`,
      );
    }
    if (tried.length % 40 === 0) say(`${String(tried.length)} of ${String(sites.length)} mutants; ${seconds()}`);
  });
  if (tried.length < sites.length) {
    say(`${String(sites.length - tried.length)} of ${String(sites.length)} mutants were not tried: the time was over`);
  }
  const inOrder = sites.flatMap((site) => tried.find((one) => one.site === site) ?? []);
  const whys = new Map([...[...readings].map(([key, { why }]): [string, string] => [key, why]), ...reasons]);
  const held = printFates(
    say,
    inOrder.map((one) => read(one, readings)),
    whys,
  );
  printObservations(say, rows, changed);
  if (values.write) {
    writeReasons(reasonsFile, inOrder, whys);
    writeReadings(readingsFile, inOrder, readings, whys);
    writeDrawn(drawnFile, drawnNow);
    writeObservations(root, rows, changed);
  }
  const { reused, asked: answered } = memory.counts;
  say(`${String(reused)} answers reused of earlier runs, ${String(answered)} asked anew`);
  const spent = [...memory.seconds].map(([kind, took]) => `${kind} ${took.toFixed(0)} s`);
  if (spent.length > 0) say(`processes took: ${spent.join(', ')}`);
  say(`seed ${String(seed)}, ${String(width)} processes, load ${loadavg()[0]?.toFixed(1) ?? ''}, ${seconds()}`);
  return held && tried.length === sites.length ? 0 : 1;
};

try {
  process.exitCode = await run();
} finally {
  await cleanUp();
}
