// SPDX-License-Identifier: GPL-2.0-only
import { list_entries, settle, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { nvme_start_freeze, nvme_unfreeze } from '../environment/freeze.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { setNamespaces } from '../model/path-verbs.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { kernelRun } from '../testing/kernel-run.js';
import { anaPaths, attachAll } from '../testing/targets.js';
import { profile_6_1, profile_6_12, profile_7_2, profile_7_3 } from './profiles.js';

const ctrlOf = (world: NvmeModelWorld, label: string): nvme_ctrl => {
  const ctrl = slotOf(world, label).drvdata;
  if (ctrl === null) throw new Error(`${label} is not attached`);
  return ctrl;
};

/** The namespace leaves a controller, which then freezes its queues; it comes back meanwhile, and once more afterwards. */
function* comesBackWhileFrozen(world: NvmeModelWorld): Steps<readonly number[]> {
  yield* attachAll(world);
  yield* setNamespaces(world, 'c0', () => []);
  yield* settle();
  const ctrl = ctrlOf(world, 'c0');
  yield* nvme_start_freeze(ctrl);
  yield* setNamespaces(world, 'c0', (own) => own);
  yield* settle();
  const frozen = list_entries(ctrl.namespaces).length;
  yield* nvme_unfreeze(ctrl);
  yield* setNamespaces(world, 'c0', (own) => own);
  yield* settle();
  return [frozen, list_entries(ctrl.namespaces).length];
}

test.each([profile_6_12, profile_7_2, profile_7_3])(
  '$name: no path joins a controller whose queues are frozen; the next scan finds it',
  (profile) => {
    const { value, reports } = kernelRun(profile, anaPaths(), comesBackWhileFrozen);
    expect(reports).toEqual([]);
    expect(value).toEqual([0, 1]);
  },
);

test('6.1: a path joins a frozen controller, and the unfreeze is one too many for its queue', () => {
  const { value, reports } = kernelRun(profile_6_1, anaPaths(), comesBackWhileFrozen);
  expect(reports.map(({ message }) => message)).toEqual(['WARNING: blk_mq_unfreeze_queue: mq_freeze_depth < 0']);
  expect(value).toEqual([1, 1]);
});
