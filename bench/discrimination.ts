// SPDX-License-Identifier: GPL-2.0-only
// Do the recordings tell a wrong model from a right one? Makes mutants of the models that predict released
// kernels and compares each with what the kernels were recorded to do.
//
//   npm run bench -- discrimination [--mutants N] [--seed N] [--driver NAME] [--seconds N] [--write] [--trace]
//
// --write brings bench/discrimination/survivors.yaml and the lists of observations up to date.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onEndSignals, exitCodeOf } from '@libmultipath/harness';
import { Changed } from './discrimination/changed.js';
import { rowsBySite, type Reached } from './discrimination/coverage.js';
import type { Tried } from './discrimination/fate.js';
import { withProbes, withSwitches } from './discrimination/instrument.js';
import { inLanes, ProcessPlace } from './discrimination/lanes.js';
import { modelKey, rowKey, type Judged, type Row } from './discrimination/messages.js';
import { printFates, printObservations, printShare } from './discrimination/print.js';
import { readReasons, writeReasons } from './discrimination/reasons.js';
import { stratified } from './discrimination/sampling.js';
import type { Site } from './discrimination/site.js';
import { modelSources, type Source } from './discrimination/sources.js';
import { tryMutant, type OwnSearch, type Place } from './discrimination/try-mutant.js';
import { TypeGate } from './discrimination/type-gate.js';
import { writeObservations } from './discrimination/write-observations.js';
import { writeModules } from './discrimination/write-modules.js';

const root = join(import.meta.dirname, '..');
const reasonsFile = join(import.meta.dirname, 'discrimination', 'survivors.yaml');
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
    seed: { type: 'string', default: '6' },
    driver: { type: 'string' },
    seconds: { type: 'string', default: '3000' },
    write: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});

const whole = (name: 'mutants' | 'seed' | 'seconds', least: number): number => {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= least) return value;
  process.stderr.write(`--${name}: expected a whole number of at least ${String(least)}, found ${values[name]}\n`);
  return process.exit(2);
};
const mutants = whole('mutants', 1);
const seed = whole('seed', 0);
/** No mutant is begun after that; what was tried is still judged, and the rest counted. */
const untilMs = whole('seconds', 1) * 1_000;

const folder = mkdtempSync(join(tmpdir(), 'mpath-discrimination-'));
const places: ProcessPlace[] = [];
const place = (modules: ReadonlyMap<string, string>, atLoad = -1): ProcessPlace => {
  const made = new ProcessPlace(child, modules, atLoad);
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
const cover = async (sources: readonly Source[], rows: readonly Row[]): Promise<Reached[]> => {
  const modules = writeModules(root, join(folder, 'probes'), sources, ({ file, text, sites, owners }) =>
    withProbes(file, text, sites, owners),
  );
  const reached: Reached[] = [];
  await inLanes(
    Array.from({ length: width }, () => place(modules)),
    byModel(rows),
    async (lane, alike) => {
      const [row] = alike;
      const process = await lane.process();
      const found = await process.ask<'reach'>({ what: 'reach', row, maxSteps: REACH_STEPS }, ANSWER_MS);
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
    const process = await lane.process();
    for (const row of alike) {
      const ask = { what: 'judge', row, mutant: -1, maxSteps: BASELINE_STEPS, timeMs: BASELINE_MS } as const;
      const found = await process.ask<'judge'>(ask, ANSWER_MS);
      if (found.verdict !== 'agree') {
        say(`left out: ${rowKey(row)}: ${found.verdict} ${found.reason}`);
        continue;
      }
      const drawn = await process.ask<'sample'>({ what: 'sample', row, mutant: -1, schedules }, ANSWER_MS);
      baseline.set(rowKey(row), { ...found, witnesses: drawn.witnesses, ways: drawn.ways });
    }
  });
  return baseline;
};

/** The model as it is, searched for defects too. */
const wholeSearch = async (row: Row, where: Place): Promise<Judged> => {
  const process = await where.process();
  const ask = { what: 'judge', row, mutant: -1, defects: true, maxSteps: BASELINE_STEPS, timeMs: BASELINE_MS } as const;
  return process.ask<'judge'>(ask, ANSWER_MS);
};

const lanesOn = (modules: ReadonlyMap<string, string>): ProcessPlace[] =>
  Array.from({ length: width }, () => place(modules));

const run = async (): Promise<number> => {
  const sources = modelSources(root);
  const plain = lanesOn(writeModules(root, join(folder, 'plain'), [], () => ''));
  const [first] = plain;
  const all = (await (await first?.process())?.ask<'rows'>({ what: 'rows' }, 60_000)) ?? [];
  const asked = all.filter(({ driver }) => values.driver === undefined || driver === values.driver);
  const baseline = await judgeAll(plain, asked);
  await Promise.all(places.splice(0).map((one) => one.lost()));
  const rows = asked.filter((row) => baseline.has(rowKey(row)));
  say(`the models as they are: ${String(rows.length)} of ${String(asked.length)} rows take part; ${seconds()}`);
  const covered = rowsBySite(sources, await cover(sources, rows));
  printShare(say, sources, covered, rows);

  const gate = new TypeGate(root, new Map(sources.map(({ file, text }) => [file, text])));
  let refused = 0;
  const sites = stratified([...covered.keys()], mutants, seed, (site) => {
    const isRefused = gate.refuses(site);
    if (isRefused) refused++;
    return isRefused;
  });
  say(
    `${String(sites.length)} mutants; ${String(refused)} more were drawn that the type checker refuses; ${seconds()}`,
  );
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
        `${seconds()} ${found.fate} ${site.file}:${String(site.line)} ${site.operator}; ${String(meant)} observations`,
      );
    }
    if (tried.length % 40 === 0) say(`${String(tried.length)} of ${String(sites.length)} mutants; ${seconds()}`);
  });
  if (tried.length < sites.length) {
    say(`${String(sites.length - tried.length)} of ${String(sites.length)} mutants were not tried: the time was over`);
  }
  const reasons = readReasons(reasonsFile);
  const held = printFates(say, tried, reasons);
  printObservations(say, rows, changed);
  if (values.write) {
    writeReasons(reasonsFile, tried, reasons);
    writeObservations(root, rows, changed);
  }
  say(`seed ${String(seed)}, ${String(width)} processes, load ${loadavg()[0]?.toFixed(1) ?? ''}, ${seconds()}`);
  return held && tried.length === sites.length ? 0 : 1;
};

try {
  process.exitCode = await run();
} finally {
  await cleanUp();
}
