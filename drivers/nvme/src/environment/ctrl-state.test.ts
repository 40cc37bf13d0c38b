// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { profile_6_1, profile_7_3 } from '../mainline/profiles.js';
import { headOfPaths } from '../testing/head-of-paths.js';
import { kernelRun, twoPaths } from '../testing/kernel-run.js';
import { nvme_ctrl_state_names } from './constants.js';
import { nvme_change_ctrl_state } from './ctrl-state.js';

/** From the table of the facts: from → to. */
const legal: Readonly<Record<string, readonly string[]>> = {
  new: ['resetting', 'connecting'],
  live: ['resetting', 'deleting'],
  resetting: ['connecting', 'deleting'],
  connecting: ['live', 'deleting'],
  deleting: ['deleting (no IO)', 'dead'],
  'deleting (no IO)': [],
  dead: ['deleting (no IO)'],
};

const pairs = nvme_ctrl_state_names.flatMap((from, i) => nvme_ctrl_state_names.map((to, j) => ({ from, to, i, j })));

test.each([profile_6_1, profile_7_3])('$name: a controller makes exactly the legal moves', (profile) => {
  for (const { from, to, i, j } of pairs) {
    const { value } = kernelRun(profile, twoPaths, function* (world) {
      const { list } = yield* headOfPaths(world, profile.parts, 0, [
        { state: i, flags: 0, ana: 0, node: -1, depth: 0 },
      ]);
      const [ns] = list;
      if (ns === undefined) throw new Error('no path');
      const moved = yield* nvme_change_ctrl_state(ns.ctrl, j);
      return { moved, state: ns.ctrl.state };
    });
    const allowed = legal[from]?.includes(to) ?? false;
    expect({ from, to, ...value }).toEqual({ from, to, moved: allowed, state: allowed ? j : i });
  }
});
