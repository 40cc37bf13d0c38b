// SPDX-License-Identifier: GPL-2.0-only
import { isLmpError, LmpError, type LmpCode } from '@libmultipath/errors';
import { FailedRun, type Schedule } from '../choice.js';
import type { Findings } from '../exploration.js';
import type { CollectOptions } from '../finding/collect.js';
import type { Finding } from '../finding/finding.js';
import type { SearchPlan } from './plan.js';
import type { ProgramSource } from './program-source.js';
import type { UnitProgress, UnitResult, WorkUnit } from './work-unit.js';

/** What was found of a program, of which the findings are wanted, each with its smallest schedule. */
export interface CollectRequest extends Omit<CollectOptions, 'stop'> {
  readonly found: Findings;
}

/** To a lane: a unit to explore, findings to make, or a call; none of them: the program is to be loaded. */
export interface UnitRequest {
  readonly source: ProgramSource;
  readonly plan: SearchPlan;
  readonly unit?: WorkUnit;
  readonly collect?: CollectRequest;
  /** The source is no program but a {@link WatchedWork}, to be called with that. */
  readonly call?: { readonly args: unknown };
}

/** An error as plain data. */
export interface SentError {
  readonly code?: LmpCode;
  readonly message: string;
  readonly where?: string;
  readonly todo?: string;
  /** Of the run that failed. */
  readonly schedule?: Schedule;
  readonly cause?: string;
}

/** What a thread says before its answer. */
export type UnitWord = { readonly progress: UnitProgress } | { readonly text: string };

export type UnitAnswer =
  | {
      readonly name: string;
      readonly fingerprint: string;
      readonly result?: UnitResult;
      readonly findings?: readonly Finding[];
      /** By a call. */
      readonly returned?: unknown;
    }
  | { readonly error: SentError }
  /** It was told to stop and did not come back in time: nothing is known. */
  | { readonly ended: true };

const causeOf = (error: LmpError): Pick<SentError, 'schedule' | 'cause'> => {
  const { cause } = error;
  if (cause instanceof FailedRun) return { schedule: cause.schedule, cause: cause.message };
  return cause instanceof Error ? { cause: cause.message } : {};
};

export const sendError = (error: unknown): SentError => {
  if (!isLmpError(error)) return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  const { code, message, where, todo } = error;
  return {
    code,
    message,
    ...(where === undefined ? {} : { where }),
    ...(todo === undefined ? {} : { todo }),
    ...causeOf(error),
  };
};

/** The error again: numbered, when it was, and with the schedule of a failed run. */
export const receiveError = ({ code, message, where, todo, schedule, cause }: SentError): Error => {
  if (code === undefined) return new Error(message);
  const inner = cause === undefined ? undefined : new Error(cause);
  return new LmpError(code, {
    message,
    ...(where === undefined ? {} : { where }),
    ...(todo === undefined ? {} : { todo }),
    ...(inner === undefined ? {} : { cause: schedule === undefined ? inner : new FailedRun(inner, schedule) }),
  });
};
