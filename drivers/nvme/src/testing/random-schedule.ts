// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Task } from '@libmultipath/driver-kit';

/**
 * Any task that can go on, timers when nobody else can: one schedule for each list of numbers, so that a property
 * test shrinks to the switches that matter. Where the list ends, the task that ran last goes on while it can.
 * @param switches how many steps to stay with a task, and which of the others comes then
 */
export const scheduleOf = (switches: readonly (readonly [stay: number, which: number])[]): Chooser => {
  const left = [...switches];
  let [stay, which] = left.shift() ?? [Number.MAX_SAFE_INTEGER, 0];
  let last: Task | undefined;
  return {
    pick(enabled) {
      const awake = enabled.filter(({ kind }) => kind !== 'timer');
      const open = awake.length > 0 ? awake : enabled;
      if (last !== undefined && stay-- > 0 && open.includes(last)) return last;
      if (last !== undefined && stay < 0) [stay, which] = left.shift() ?? [Number.MAX_SAFE_INTEGER, 0];
      return (last = open[which % open.length]);
    },
  };
};
