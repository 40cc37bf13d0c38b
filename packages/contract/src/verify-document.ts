// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from './json.js';
import type { Outcome } from './outcome.js';

export type Verdict = 'agree' | 'diverge' | 'too-loose' | 'kernel-fault' | 'unsupported' | 'error' | 'not-run';

/** One outcome, by model and kernel. */
export interface OutcomeRow {
  readonly value: Outcome;
  /** The model allows it. */
  readonly allowed: boolean;
  /** How often the kernel showed it. */
  readonly seen: number;
}

/** First observation in which the kernel left what the model allows. */
export interface Difference {
  /** `verb` or `observe` entry as it stands in the file. */
  readonly step: string;
  readonly observation: string;
  /** Every value the model would have allowed, given what agreed before. */
  readonly model: readonly Json[];
  readonly kernel: Json;
  readonly file: string;
  readonly line: number;
}

export interface ScenarioVerdict {
  readonly name: string;
  readonly driver: string;
  /** Profile it was compared with. */
  readonly model: string;
  readonly verdict: Verdict;
  /** Number of observations compared. */
  readonly observations: number;
  /** Of these, how many have a value that some mutant of the model changes; absent: the driver has no list of them. */
  readonly discriminating?: number;
  /** Runs in the guest (or recorded ones). */
  readonly runs: number;
  readonly outcomes: readonly OutcomeRow[];
  readonly differences: readonly Difference[];
  /** The failure is known and excused until a day: it does not count. */
  readonly expected?: { readonly reason: string; readonly until: string };
  /** Why it is unsupported, in error, too loose, not run; a kernel fault's excerpt. */
  readonly reason?: string;
  /** What stood in for what the scenario is about, e.g. `by dm-multipath`; absent: exactly. */
  readonly agreement?: string;
  /** Verdict line of the exploration, e.g. `complete (sequential consistency)`. */
  readonly bound?: string;
}

/**
 * What befell a machine and cost another one: no verdict, but to be known. What was under way is tried once
 * more; where it happens again the row says so.
 */
export interface Incident {
  /**
   * `fault`: the kernel (or the emulator under it) reported one; `silent`: the machine stood still or was gone;
   * `dirty`: the scenario left behind what could not be cleaned up.
   */
  readonly kind: 'fault' | 'silent' | 'dirty';
  /** Under which scenario; absent: while it booted. */
  readonly scenario?: string;
  readonly detail: string;
  /** It happened on the second machine too. */
  readonly again: boolean;
}

export interface KernelVerdict {
  readonly name: string;
  readonly release: string;
  /** `kvm`, `tcg`, or `recorded`. */
  readonly accelerator: string;
  readonly qemu: string;
  readonly bootSeconds: number;
  readonly scenarios: readonly ScenarioVerdict[];
  /** Absent: none. */
  readonly incidents?: readonly Incident[];
}

/** An entry of `--expect FILE` for a kernel and scenario that were run. */
export interface ExpectationResult {
  readonly kernel: string;
  readonly scenario: string;
  readonly verdict: Verdict;
  readonly reason: string;
  /** Last day on which it excuses, `YYYY-MM-DD`. */
  readonly until: string;
  /** `gone`: it no longer fails so; `expired`: its day is over. Both fail the run. */
  readonly state: 'met' | 'gone' | 'expired';
}

/** Rows by verdict; those that failed as expected are counted in `expected` alone. */
export interface VerifySummary {
  readonly agree: number;
  readonly diverge: number;
  readonly tooLoose: number;
  readonly fault: number;
  readonly unsupported: number;
  readonly error: number;
  /** Scenarios that were not begun before the time was over. */
  readonly notRun: number;
  readonly expected: number;
  readonly observations: number;
  /** Of these, how many have a value that some mutant of the model changes; absent: no driver has a list of them. */
  readonly discriminating?: number;
  /** Machines that were lost and replaced; absent: none. */
  readonly incidents?: number;
}

/** `mpath verify --json`. Same input, same bytes, except `bootSeconds`. */
export interface VerifyDocument {
  readonly schema: 'mpath.verify/1';
  readonly kernels: readonly KernelVerdict[];
  /** With `--expect`: what came of each entry. */
  readonly expectations?: readonly ExpectationResult[];
  readonly summary: VerifySummary;
}
