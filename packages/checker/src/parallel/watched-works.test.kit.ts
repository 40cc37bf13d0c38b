// SPDX-License-Identifier: GPL-2.0-only
import { explore } from '../explore.js';
import { crowd, endless, type CrowdArgs } from './toy-programs.test.kit.js';
import type { WatchedWork } from './watched-work.js';

/** Explores a crowd, and says how many executions it took. */
export const executionsOf: WatchedWork<CrowdArgs, number> = (args) =>
  Promise.resolve((tell) => {
    tell(`exploring ${String(args.tasks)} tasks`);
    return explore(crowd(args)).stats.executions;
  });

/** Says that it is at work, and comes to a callback that loops. */
export const neverBack: WatchedWork<unknown, unknown> = () =>
  Promise.resolve((tell) => {
    tell('at work');
    return explore(endless()).stats;
  });

/** Takes steps for longer than anybody waits. */
export const large: WatchedWork<unknown, unknown> = () =>
  Promise.resolve((tell) => {
    tell('at work');
    return explore(crowd({ tasks: 9, writes: 9 }), { memo: false, reduction: 'none' }).stats;
  });
