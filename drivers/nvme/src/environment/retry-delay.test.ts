// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, HZ, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { profile_6_1, profile_6_12, profile_7_3, type MainlineProfile } from '../mainline/profiles.js';
import { modelPathsOf, modelRead, modelResultOf } from '../model/reads.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { kernelRun } from '../testing/kernel-run.js';
import { anaPaths, attachAll } from '../testing/targets.js';
import * as c from './constants.js';
import { anaIdentity } from './controller-identity.js';

const NOT_READY = 0x082;
const crd = (which: number): number => which << 11;
const delayed = anaPaths({ identity: { ...anaIdentity, crdt: [2, 10, 0] } });

/** A read whose first commands on c0 end so: how it ended, where it went, and after how many seconds. */
const readAfter = (profile: MainlineProfile, statuses: readonly number[], topology = delayed): unknown =>
  kernelRun(profile, topology, function* (world: NvmeModelWorld): Steps<unknown> {
    yield* attachAll(world);
    const { clock } = currentMachine();
    const before = clock.jiffies;
    slotOf(world, 'c0').hw.nextStatus.push(...statuses);
    yield* modelRead(world, { as: 'r', cpu: 0, count: 1, through: undefined });
    const seconds = (clock.jiffies - before) / HZ;
    return [yield* modelResultOf(world, 'r'), yield* modelPathsOf(world, 'r'), seconds];
  }).value;

test.each([profile_6_1, profile_6_12, profile_7_3])(
  '$name: a command waits as long as the controller asks before it is tried again',
  (profile) => {
    expect(readAfter(profile, [NOT_READY])).toEqual(['ok', ['c0'], 0]);
    expect(readAfter(profile, [NOT_READY | crd(1)])).toEqual(['ok', ['c0'], 0.2]);
    expect(readAfter(profile, [NOT_READY | crd(2), NOT_READY | crd(1)])).toEqual(['ok', ['c0'], 1.2]);
  },
);

test('a time that the controller does not have is none', () => {
  expect(readAfter(profile_7_3, [NOT_READY | crd(3)])).toEqual(['ok', ['c0'], 0]);
  expect(readAfter(profile_7_3, [NOT_READY | crd(1)], anaPaths())).toEqual(['ok', ['c0'], 0]);
});

test('an error of the path waits for nothing: another path gets it', () => {
  expect(readAfter(profile_7_3, [c.NVME_SC_HOST_PATH_ERROR | crd(2)])).toEqual(['ok', ['c0', 'c0'], 0]);
});

test('what may not be retried waits for nothing', () => {
  expect(readAfter(profile_7_3, [NOT_READY | crd(2) | c.NVME_STATUS_DNR])).toEqual(['EREMOTEIO', ['c0'], 0]);
});
