// SPDX-License-Identifier: GPL-2.0-only
import { E, list_entries, settle, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { profile_6_1, profile_6_12, profile_7_3, type MainlineProfile } from '../mainline/profiles.js';
import { failNextAdmin, setNamespaces } from '../model/path-verbs.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { kernelRun } from '../testing/kernel-run.js';
import { anaNamespaces, attachAll } from '../testing/targets.js';
import { NVME_STATUS_DNR } from './constants.js';
import { anaIdentity } from './controller-identity.js';

const INVALID_FIELD = 0x002;

const nsids = (world: NvmeModelWorld): number[] => {
  const ctrl = slotOf(world, 'c0').drvdata;
  return ctrl === null ? [] : list_entries(ctrl.namespaces).map(({ media }) => media.nsid);
};

/** Namespaces 1 and 3 are there; 2 comes back, and the list cannot be read: what is there then. */
const afterFailedList = (profile: MainlineProfile, result: number, nn = 4): unknown =>
  kernelRun(
    profile,
    anaNamespaces(3, { identity: { ...anaIdentity, nn, mnan: nn } }),
    function* (world): Steps<unknown> {
      yield* attachAll(world);
      yield* setNamespaces(world, 'c0', (own) => own.filter(({ media }) => media.nsid !== 2));
      yield* settle();
      const before = nsids(world);
      yield* failNextAdmin(world, 'c0', result);
      yield* setNamespaces(world, 'c0', (own) => own);
      yield* settle();
      return [before, nsids(world)];
    },
  ).value;

const looked = [
  [1, 3],
  [1, 2, 3],
];
const untouched = [
  [1, 3],
  [1, 3],
];

test.each([profile_6_1, profile_6_12, profile_7_3])(
  '$name: every id is asked for where the controller will never give a list',
  (profile) => {
    expect(afterFailedList(profile, INVALID_FIELD | NVME_STATUS_DNR)).toEqual(looked);
  },
);

test('6.1 does so after any error, 6.12 and later leave everything as it is', () => {
  for (const result of [INVALID_FIELD, -E.EIO]) {
    expect(afterFailedList(profile_6_1, result)).toEqual(looked);
    expect(afterFailedList(profile_6_12, result)).toEqual(untouched);
    expect(afterFailedList(profile_7_3, result)).toEqual(untouched);
  }
});

test('what is above the highest id goes', () => {
  expect(afterFailedList(profile_7_3, INVALID_FIELD | NVME_STATUS_DNR, 2)).toEqual([
    [1, 3],
    [1, 2],
  ]);
});
