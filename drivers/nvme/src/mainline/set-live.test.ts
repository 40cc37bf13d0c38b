// SPDX-License-Identifier: GPL-2.0-only
import { explore, settle, store, type Exploration, type Program } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { NVME_ANA_INACCESSIBLE } from '../environment/constants.js';
import { modelAttach } from '../model/controllers.js';
import { findPaths } from '../model/disks.js';
import { modelResultOf, modelStartRead } from '../model/reads.js';
import { makeNvmeWorld } from '../model/world.js';
import { topologyOf } from '../testing/kernel-run.js';
import { numaOf } from '../topology.js';
import { mainline_multipath } from './multipath.js';
import type { nvme_ns_head } from './nvme-ns-head.js';
import { path_of } from './nvme-ns.js';
import { profile_6_1, profile_6_12, profile_7_2, profile_7_3, withDefect, type MainlineProfile } from './profiles.js';
import { nvme_mpath_add_disk } from './set-live.js';

const onePath = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }] });

/** The only path is inaccessible; it goes live while a read is submitted. */
const goesLive = (profile: MainlineProfile): Program => {
  let head: nvme_ns_head | null = null;
  return {
    name: `a path goes live on ${profile.name}`,
    options: { numa: numaOf(onePath) },
    properties: [
      {
        name: 'nothing is left on the requeue list',
        class: 'lost-io',
        check: () => {
          const isLeft = head !== null && head.requeue_list.head !== null;
          return isLeft ? 'a bio waits for a kick that nobody will give' : undefined;
        },
      },
    ],
    make(machine) {
      const world = makeNvmeWorld(onePath, profile.environment, mainline_multipath(profile.parts));
      let result: unknown = null;
      machine.spawn('scenario', function* () {
        yield* modelAttach(world, { controllers: ['c0'] });
        yield* settle();
        const [path] = findPaths(world);
        if (path === undefined) throw new Error('no path');
        const ns = path_of(path.ns);
        ({ head } = ns);
        yield* store(ns, 'ana_state', NVME_ANA_INACCESSIBLE);
        yield* modelStartRead(world, { as: 'r', cpu: 0 });
        // As when the log page says that the group is optimized.
        yield* nvme_mpath_add_disk(ns);
        result = yield* modelResultOf(world, 'r');
      });
      return { outcome: () => result };
    },
  };
};

const explored = (profile: MainlineProfile): Exploration => {
  const found = explore(goesLive(profile), { maxExecutions: 20_000, races: false });
  expect(found.complete).toBe(true);
  return found;
};

const kernels = [profile_6_1, profile_6_12, profile_7_2, profile_7_3];

test.each(kernels)('$name: a read that is submitted while its path goes live is always served', (profile) => {
  const { outcomes, reports, ends } = explored(profile);
  expect(outcomes.map(({ value }) => value)).toEqual(['ok']);
  expect(reports).toEqual([]);
  expect(ends.stuck).toBe(0);
});

test.each(kernels)('$name without the wait of 504db087aacc: a bio is parked after the kick, and stays', (profile) => {
  const { outcomes, reports, ends } = explored(withDefect(profile, 'no-sync-in-set-live'));
  expect(outcomes.map(({ value }) => value)).toEqual(['ok']);
  expect(reports.map(({ report }) => report.class)).toEqual(['lost-io']);
  expect(ends.stuckAt.map(({ outcome }) => outcome)).toEqual(['pending']);
  expect(ends.stuckAt.flatMap(({ blocked }) => blocked.map(({ task }) => task))).toEqual(['read r']);
});
