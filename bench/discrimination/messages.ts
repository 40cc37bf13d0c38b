// SPDX-License-Identifier: GPL-2.0-only

/** One scenario on one kernel that was recorded. */
export interface Row {
  readonly driver: string;
  readonly scenario: string;
  /** Name of the recording. */
  readonly kernel: string;
  /** Profile that predicts the kernel. */
  readonly model: string;
  /** Of the scenario and what was recorded: another text when either is another. */
  readonly content: string;
  readonly labels: readonly string[];
}

export const rowKey = ({ driver, scenario, kernel }: Row): string => `${driver} ${scenario} ${kernel}`;

/** Kernels that one model predicts share its searches. */
export const modelKey = ({ driver, scenario, model }: Row): string => `${driver} ${scenario} ${model}`;

export type Ask =
  | { readonly what: 'rows' }
  /** Which probes a search of the model reaches. */
  | { readonly what: 'reach'; readonly row: Row; readonly maxSteps: number }
  /** The verdict, what the search costs and reports; with `defects` it looks for leaks and hangs too. */
  | {
      readonly what: 'judge';
      readonly row: Row;
      readonly mutant: number;
      readonly maxSteps: number;
      /** Of the processor. */
      readonly timeMs: number;
      readonly defects?: boolean;
    }
  /** Schedules by their numbers: what they show of what was recorded. */
  | { readonly what: 'sample'; readonly row: Row; readonly mutant: number; readonly schedules: readonly number[] };

/** How often the mutant was evaluated, and how often with another value than the model's. */
export interface Hits {
  readonly evaluated: number;
  /** undefined: it is no value that can be put beside the model's. */
  readonly differed?: number;
}

export interface Judged {
  readonly verdict: string;
  readonly complete: boolean;
  readonly steps: number;
  readonly reports: readonly string[];
  /** Observations whose recorded value no schedule has; empty where the search is not complete. */
  readonly changed: readonly string[];
  readonly reason: string;
  /** Equal for searches that went the same way step by step and found the same. */
  readonly way: string;
}

export interface Sampled {
  /** Every recorded outcome came up. */
  readonly agrees: boolean;
  /** Observations whose recorded value came up in no schedule drawn. */
  readonly absent: readonly string[];
  /** Schedules in which a recorded outcome came up first. */
  readonly witnesses: readonly number[];
  /** Schedule → equal for schedules of the same length that show the same. */
  readonly ways: readonly (readonly [number, string])[];
}

export interface Answers {
  readonly rows: readonly Row[];
  readonly reach: readonly number[];
  readonly judge: Judged & { readonly hits: Hits };
  readonly sample: Sampled & { readonly hits: Hits };
}

/** What a process says: once that it is loaded, then an answer to each question. */
export type Said =
  | { readonly loaded: readonly number[] }
  | { readonly answer: Answers[keyof Answers] }
  /** The model threw where no search catches it. */
  | { readonly failed: string };
