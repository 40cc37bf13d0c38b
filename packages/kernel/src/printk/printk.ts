// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import type { LogLine } from '../machine.js';

/** No steps: what a print gives may be passed to yield*, so that callers need not know. */
export type NoSteps = readonly never[];
const NO_STEPS: NoSteps = [];

const print = (level: LogLine['level'], text: string): NoSteps => {
  currentMachine().log.push({ level, text });
  return NO_STEPS;
};

/** Something with a name to print in front: a device or a disk. */
export interface Named {
  readonly printName: string;
}

/*
 * Printing is no access to shared state, so it is no step; with or without yield* is the
 * same. Rate limits are not modelled: each message is logged.
 */
export const pr_err = (text: string): NoSteps => print('err', text);
export const pr_warn = (text: string): NoSteps => print('warn', text);
export const pr_notice = (text: string): NoSteps => print('notice', text);
export const pr_info = (text: string): NoSteps => print('info', text);
export const pr_debug = (text: string): NoSteps => print('debug', text);

/** Kernel: dev_err(): "driver or bus, name: text"; the name is the caller's `printName`. */
export const dev_err = (dev: Named, text: string): NoSteps => print('err', `${dev.printName}: ${text}`);
export const dev_warn = (dev: Named, text: string): NoSteps => print('warn', `${dev.printName}: ${text}`);
export const dev_info = (dev: Named, text: string): NoSteps => print('info', `${dev.printName}: ${text}`);
export const dev_dbg = (dev: Named, text: string): NoSteps => print('debug', `${dev.printName}: ${text}`);
export const dev_warn_ratelimited = dev_warn;
export const pr_warn_ratelimited = pr_warn;
export const pr_info_ratelimited = pr_info;

/** Kernel: WARN_ON_ONCE(): a report of class `warning` when the condition holds. @returns the condition */
export const WARN_ON_ONCE = (condition: boolean, text: string): boolean => {
  if (condition) currentMachine().report('warning', `WARNING: ${text}`, undefined);
  return condition;
};
