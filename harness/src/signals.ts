// SPDX-License-Identifier: GPL-2.0-only
import { constants } from 'node:os';
import { endAllVms } from './live-vms.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type EndSignal = (typeof SIGNALS)[number];

/** 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP. */
export const exitCodeOf = (signal: EndSignal): number => 128 + constants.signals[signal];

/**
 * Ends every machine on the first SIGINT, SIGTERM or SIGHUP, then runs `report` with the
 * signal; a second signal meanwhile ends the process at once (the machines go with it).
 * The returned function takes the handlers away. Exiting is the caller's: `exitCodeOf`.
 */
export const onEndSignals = (report: (signal: EndSignal) => void | Promise<void>): (() => void) => {
  let first: EndSignal | undefined;
  const handle = (signal: EndSignal): void => {
    if (first !== undefined) process.exit(exitCodeOf(signal));
    first = signal;
    void endAllVms().then(() => report(signal));
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
};
