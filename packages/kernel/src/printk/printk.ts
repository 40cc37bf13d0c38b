// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, currentOrNone } from '../current.js';
import type { LogLine } from '../machine.js';
import { ratelimit } from './ratelimit.js';

/** No steps: what a print gives may be passed to yield*, so that callers need not know. */
export type NoSteps = readonly never[];
const NO_STEPS: NoSteps = [];

/** Kernel: KERN_EMERG … KERN_DEBUG: the number in front of a line of the log. */
export const KERN_LEVEL: Readonly<Record<LogLine['level'], number>> = {
  emerg: 0,
  alert: 1,
  crit: 2,
  err: 3,
  warn: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

const print = (level: LogLine['level'], text: string): NoSteps => {
  currentMachine().print({ level, text });
  return NO_STEPS;
};

const limited = (level: LogLine['level'], text: string, place: string): NoSteps => {
  const task = currentOrNone();
  const fn = task?.frame?.fn ?? task?.name ?? 'boot';
  return ratelimit(`${fn} ${level} ${place}`, fn) ? print(level, text) : NO_STEPS;
};

/** Something with a name to print in front: a device or a disk. */
export interface Named {
  readonly printName: string;
}

type Pr = (text: string) => NoSteps;
type Dev = (dev: Named, text: string) => NoSteps;

const pr =
  (level: LogLine['level']): Pr =>
  (text) =>
    print(level, text);
const pr_limited =
  (level: LogLine['level']): Pr =>
  (text) =>
    limited(level, text, text);
const dev =
  (level: LogLine['level']): Dev =>
  (of, text) =>
    print(level, `${of.printName}: ${text}`);
const dev_limited =
  (level: LogLine['level']): Dev =>
  (of, text) =>
    limited(level, `${of.printName}: ${text}`, text);

/*
 * Printing is no access to shared state, so it is no step; with or without yield* is the
 * same. The log has every level, debug too; what a console shows of it is not modelled.
 */
export const pr_crit = pr('crit');
export const pr_err = pr('err');
export const pr_warn = pr('warn');
export const pr_notice = pr('notice');
export const pr_info = pr('info');
export const pr_debug = pr('debug');

/** Kernel: dev_err(): "driver or bus, name: text"; the name is the caller's `printName`. */
export const dev_err = dev('err');
export const dev_crit = dev('crit');
export const dev_warn = dev('warn');
export const dev_notice = dev('notice');
export const dev_info = dev('info');
export const dev_dbg = dev('debug');

/** At most 10 in 5 s from one function and text, where the machine limits (`MachineOptions.ratelimit`). */
export const pr_err_ratelimited = pr_limited('err');
export const pr_warn_ratelimited = pr_limited('warn');
export const pr_notice_ratelimited = pr_limited('notice');
export const pr_info_ratelimited = pr_limited('info');
/** As {@link pr_warn_ratelimited}; one limit for all devices. */
export const dev_err_ratelimited = dev_limited('err');
export const dev_warn_ratelimited = dev_limited('warn');
export const dev_notice_ratelimited = dev_limited('notice');
export const dev_info_ratelimited = dev_limited('info');

/** Kernel: WARN_ON(): a report of class `warning` when the condition holds. @returns the condition */
export const WARN_ON = (condition: boolean, text: string): boolean => {
  if (condition) currentMachine().report('warning', `WARNING: ${text}`, undefined);
  return condition;
};

/**
 * Kernel: WARN_ON_ONCE(). Reported each time all the same: "once" spares a console, and a
 * schedule that shows it a second time is not another finding.
 */
export const WARN_ON_ONCE = WARN_ON;
