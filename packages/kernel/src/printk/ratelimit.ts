// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { HZ, type Machine } from '../machine.js';

/** Kernel: DEFAULT_RATELIMIT_INTERVAL, in jiffies. */
export const DEFAULT_RATELIMIT_INTERVAL = 5 * HZ;
/** Kernel: DEFAULT_RATELIMIT_BURST. */
export const DEFAULT_RATELIMIT_BURST = 10;

/** Kernel: struct ratelimit_state, of one place that prints. */
interface ratelimit_state {
  /** Jiffies at the first message of the interval. */
  begin: number;
  printed: number;
  missed: number;
}

/*
 * The limit is on the log, which no kernel code reads: neither the log nor this is part of a
 * machine's state, and no step touches it. A program that asks for it and lets a place print more than
 * the burst sees in the log what one order of the tasks gives.
 */
const states = new WeakMap<Machine, Map<string, ratelimit_state>>();

/**
 * Kernel: ___ratelimit(). May this place print now? Without `ratelimit` of the machine: always.
 * @param place function and text; the kernel has one state for each call in its source
 * @param fn function that the line about what was left out names
 */
export const ratelimit = (place: string, fn: string): boolean => {
  const machine = currentMachine();
  if (!machine.ratelimit) return true;
  const now = machine.clock.jiffies;
  let places = states.get(machine);
  if (places === undefined) states.set(machine, (places = new Map<string, ratelimit_state>()));
  let state = places.get(place);
  if (state === undefined) places.set(place, (state = { begin: now, printed: 0, missed: 0 }));
  if (state.begin + DEFAULT_RATELIMIT_INTERVAL < now) {
    if (state.missed > 0) machine.print({ level: 'warn', text: `${fn}: ${String(state.missed)} callbacks suppressed` });
    state.begin = now;
    state.printed = 0;
    state.missed = 0;
  }
  const may = state.printed < DEFAULT_RATELIMIT_BURST;
  if (may) state.printed++;
  else state.missed++;
  return may;
};
