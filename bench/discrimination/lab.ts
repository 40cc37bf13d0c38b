// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { explore, kernelProperties, nothingLeaked, sample } from '@libmultipath/checker';
import {
  allowedOutcomes,
  judge,
  missingFeature,
  readRecording,
  recordedOutcomes,
  recordingUrl,
  type Seen,
} from '@libmultipath/conformance';
import { canonical, outcomeKey, type AnyDriver, type ModelProfile, type Outcome } from '@libmultipath/contract';
import { loadScenarios, scenarioProgram, type LoadedScenario } from '@libmultipath/scenario';
import { modelKey, type Judged, type Row, type Sampled } from './messages.js';

type Profile = ModelProfile<unknown, unknown>;

interface Prepared {
  readonly driver: AnyDriver;
  readonly loaded: LoadedScenario;
  readonly profile: Profile;
  readonly seen: readonly Seen[];
}

const SEED = 1;

/** The scenarios, models and recordings of the drivers, as this process has loaded them. */
export class Lab {
  private readonly scenarios = new Map<string, Map<string, LoadedScenario>>();
  private readonly prepared = new Map<string, Prepared>();
  /** Kernels that one model predicts share its searches, while the same mutant lives. */
  private readonly searches = new Map<string, ReturnType<typeof searched>>();
  private readonly drawn = new Map<string, Map<number, Drawn>>();

  constructor(private readonly drivers: readonly AnyDriver[]) {}

  /** Every scenario with its recordings; one without, or one its model lacks a feature for, is none. */
  async rows(): Promise<Row[]> {
    const rows: Row[] = [];
    for (const driver of this.drivers) {
      const folder = new URL('.', recordingUrl(driver.scenarios, 'x'));
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
      for (const name of names) rows.push(...(await this.rowsOf(driver, decodeURIComponent(name.slice(0, -5)))));
    }
    return rows;
  }

  private async rowsOf(driver: AnyDriver, kernel: string): Promise<Row[]> {
    const recording = await readRecording(recordingUrl(driver.scenarios, kernel));
    const model = recording === undefined ? undefined : driver.profileFor(recording.release);
    const profile = driver.models.find((one) => one.name === model && one.kind === 'mainline');
    if (recording === undefined || profile === undefined) return [];
    const scenarios = [...(await this.scenariosOf(driver)).values()].map(({ scenario }) => scenario);
    return scenarios
      .filter(({ name }) => recording.scenarios.some((one) => one.name === name))
      .filter((scenario) => missingFeature(scenario, driver, profile) === undefined)
      .map((scenario) => ({
        driver: driver.name,
        scenario: scenario.name,
        kernel,
        model: profile.name,
        content: shortOf(
          JSON.stringify([scenario, recording.release, recording.scenarios.find(({ name }) => name === scenario.name)]),
        ),
        labels: scenario.steps.flatMap((step) => (step.kind === 'observe' ? [step.label] : [])),
      }));
  }

  private async scenariosOf(driver: AnyDriver): Promise<Map<string, LoadedScenario>> {
    const known = this.scenarios.get(driver.name);
    if (known !== undefined) return known;
    const loaded = await loadScenarios(driver.scenarios, this.drivers, { show: (path) => path });
    const byName = new Map(loaded.map((one) => [one.scenario.name, one]));
    this.scenarios.set(driver.name, byName);
    return byName;
  }

  private async prepare(row: Row): Promise<Prepared> {
    const key = JSON.stringify([row.driver, row.scenario, row.kernel]);
    const known = this.prepared.get(key);
    if (known !== undefined) return known;
    const driver = this.drivers.find(({ name }) => name === row.driver);
    const loaded = driver === undefined ? undefined : (await this.scenariosOf(driver)).get(row.scenario);
    const profile = driver?.models.find(({ name, kind }) => name === row.model && kind === 'mainline');
    const recording =
      driver === undefined ? undefined : await readRecording(recordingUrl(driver.scenarios, row.kernel));
    if (driver === undefined || loaded === undefined || profile === undefined || recording === undefined)
      throw new Error(`the driver ${row.driver} lost ${row.scenario} on ${row.kernel}`);
    const prepared = { driver, loaded, profile, seen: recordedOutcomes(recording, loaded.scenario) };
    this.prepared.set(key, prepared);
    return prepared;
  }

  /** Another mutant lives from now on. */
  forget(): void {
    this.searches.clear();
    this.drawn.clear();
  }

  /** The verdict, as `mpath verify --recorded` gives it, within bounds of this command’s own. */
  async judge(row: Row, maxSteps: number, timeMs: number, defects = false): Promise<Judged> {
    const prepared = await this.prepare(row);
    const { scenario } = prepared.loaded;
    const key = `${modelKey(row)} ${String(defects)}`;
    const known = this.searches.get(key) ?? searched(prepared, maxSteps, timeMs, defects);
    this.searches.set(key, known);
    const { allowed, steps, way } = known;
    const { verdict, reason = '' } = judge(scenario, allowed, prepared.seen);
    const { complete, reports } = allowed;
    const shows = allowed.instead ?? allowed.outcomes;
    return {
      verdict,
      complete,
      steps,
      reports,
      reason,
      way,
      changed: complete ? absentFrom(row, shows, prepared.seen) : [],
    };
  }

  /** Runs these schedules until every recorded outcome came up. What throws agrees with nothing. */
  async sample(row: Row, schedules: readonly number[]): Promise<Sampled> {
    const { driver, loaded, profile, seen } = await this.prepare(row);
    const drawn = this.drawn.get(modelKey(row)) ?? new Map<number, Drawn>();
    this.drawn.set(modelKey(row), drawn);
    const wanted = new Set(seen.map(({ value }) => outcomeKey(value)));
    const witnesses: number[] = [];
    try {
      const program = scenarioProgram(loaded.scenario, driver, profile);
      for (const nth of schedules) {
        const one = drawn.get(nth) ?? drawnFrom(program, nth);
        drawn.set(nth, one);
        // Some are wanted still, and one of them is here.
        if (one.shown.filter((outcome) => wanted.delete(outcomeKey(outcome))).length > 0) witnesses.push(nth);
        if (wanted.size === 0) break;
      }
    } catch {
      return { agrees: false, absent: row.labels, witnesses, ways: [] };
    }
    const shown = [...drawn.values()].flatMap((one) => one.shown);
    const ways = [...drawn].map(([nth, { way }]): readonly [number, string] => [nth, way]);
    return { agrees: wanted.size === 0, absent: absentFrom(row, shown, seen), witnesses, ways };
  }

  /** Runs the search for what it reaches. */
  async reach(row: Row, maxSteps: number): Promise<void> {
    const { driver, loaded, profile } = await this.prepare(row);
    explore(scenarioProgram(loaded.scenario, driver, profile), { maxSteps, races: false });
  }
}

const shortOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** What one schedule shows, and how long it was. */
interface Drawn {
  readonly shown: readonly Outcome[];
  readonly way: string;
}

/** The n-th schedule; a run that is stuck shows something too. */
const drawnFrom = (program: ReturnType<typeof scenarioProgram>, nth: number): Drawn => {
  const found = sample(program, { seed: SEED, schedules: 1, first: nth, races: false });
  const values = [...found.outcomes.map(({ value }) => value), ...found.ends.stuckAt.map(({ outcome }) => outcome)];
  // A scenario's program gives outcomes; the sample hands them back as they were.
  const shown = values as Outcome[];
  return { shown, way: shortOf([JSON.stringify(found.stats), ...shown.map(outcomeKey)].join('\n')) };
};

/** Of this process: how long others keep the machine busy says nothing about a search. */
const cpuMs = (): number => process.cpuUsage().user / 1_000;

const searched = ({ driver, loaded, profile }: Prepared, maxSteps: number, timeMs: number, defects: boolean) => {
  let steps = 0;
  let way = '';
  const allowed = allowedOutcomes(loaded.scenario, driver, profile, {
    explore: (program) => {
      const watched = defects
        ? { ...program, properties: [...kernelProperties, nothingLeaked, ...(program.properties ?? [])] }
        : program;
      const found = explore(watched, { maxSteps, timeMs, now: cpuMs, races: false });
      steps = found.stats.steps + found.stats.replayedSteps;
      const outcomes = found.outcomes.map(({ key, count }) => `${key} ${String(count)}`);
      way = shortOf([JSON.stringify(found.stats), ...outcomes, ...found.reports.map(({ key }) => key)].join('\n'));
      return found;
    },
  });
  return { allowed, steps, way };
};

/** Observations of which some recorded value is in none of the outcomes. */
const absentFrom = (row: Row, shows: readonly Outcome[], seen: readonly Seen[]): string[] =>
  row.labels.filter((label) => {
    const values = new Set(shows.map((outcome) => textAt(outcome, label)));
    return seen.some(({ value }) => !values.has(textAt(value, label)));
  });

const textAt = (outcome: Outcome, label: string): string => {
  const value = outcome[label];
  return value === undefined ? '' : canonical(value);
};
