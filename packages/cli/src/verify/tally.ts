// SPDX-License-Identifier: GPL-2.0-only
import type { Incident, KernelVerdict, Outcome, ScenarioVerdict, VerifyDocument } from '@libmultipath/contract';
import type { Discriminating } from '@libmultipath/conformance';
import { verifyDocument } from '@libmultipath/report';
import type { Expectations } from './expectations.js';

type Facts = Omit<KernelVerdict, 'scenarios' | 'incidents'>;

interface Entry {
  facts: Facts;
  readonly rows: ScenarioVerdict[];
  readonly incidents: Incident[];
}

/** What was found so far, kernel by kernel: a document can be made of it at any time. */
export class Tally {
  private readonly kernels: Entry[] = [];
  private readonly meanings = new Map<string, Discriminating>();
  private readonly outcomes = new Map<string, Map<string, readonly Outcome[]>>();

  constructor(private readonly expectations?: Expectations) {}

  /** A kernel joins; its facts are known once it has booted. @returns its number */
  add(facts: Facts): number {
    return this.kernels.push({ facts, rows: [], incidents: [] }) - 1;
  }

  facts(kernel: number): Facts {
    return this.entry(kernel).facts;
  }

  booted(kernel: number, facts: Partial<Facts>): void {
    const entry = this.entry(kernel);
    entry.facts = { ...entry.facts, ...facts };
  }

  /** Which observations of a driver mean something, for the rows to come. */
  meaning(driver: string, list: Discriminating): void {
    this.meanings.set(driver, list);
  }

  /** A scenario was compared: how many of its observations mean something. */
  private meant({ name }: Facts, row: ScenarioVerdict): ScenarioVerdict {
    const list = row.observations === 0 ? undefined : this.meanings.get(row.driver);
    return list === undefined
      ? row
      : { ...row, discriminating: Math.min(list.count(name, row.name), row.observations) };
  }

  /** A scenario was compared. @returns its row, excused where the failure is a known one */
  row(kernel: number, verdict: ScenarioVerdict): ScenarioVerdict {
    const { facts, rows } = this.entry(kernel);
    const counted = this.meant(facts, verdict);
    const row = this.expectations?.excuse(facts, counted) ?? counted;
    rows.push(row);
    return row;
  }

  /** A machine of the kernel was lost. */
  incident(kernel: number, incident: Incident): void {
    this.entry(kernel).incidents.push(incident);
  }

  /** Keeps what a kernel showed, for its recording. */
  keep(kernel: number, verdict: ScenarioVerdict, outcomes: readonly Outcome[]): void {
    const key = `${String(kernel)} ${verdict.driver}`;
    const byName = this.outcomes.get(key) ?? new Map<string, readonly Outcome[]>();
    byName.set(verdict.name, outcomes);
    this.outcomes.set(key, byName);
  }

  /** Scenario → outcomes of one driver on one kernel. */
  kept(kernel: number, driver: string): ReadonlyMap<string, readonly Outcome[]> {
    return this.outcomes.get(`${String(kernel)} ${driver}`) ?? new Map();
  }

  get count(): number {
    return this.kernels.length;
  }

  /** Rows by driver and name, whatever order they came in. */
  document(): VerifyDocument {
    const key = (row: ScenarioVerdict): string => `${row.driver} ${row.name}`;
    const kernels = this.kernels.map(({ facts, rows, incidents }) => ({
      ...facts,
      scenarios: [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1)),
      ...(incidents.length === 0 ? {} : { incidents: [...incidents] }),
    }));
    return verifyDocument(kernels, this.expectations?.results(kernels));
  }

  private entry(kernel: number): Entry {
    const entry = this.kernels[kernel];
    if (entry === undefined) throw new Error(`there is no kernel ${String(kernel)}`);
    return entry;
  }
}
