// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { headOfPaths } from '../testing/head-of-paths.js';
import { kernelRun, twoPaths } from '../testing/kernel-run.js';
import { profile_6_1, profile_7_3, type MainlineProfile } from './profiles.js';

const DISK_LIVE = 1 << 0;
const QUEUE_IF_NO_PATH = 1 << 1;
const FAILFAST_EXPIRED = 1 << 0;

const available = (profile: MainlineProfile, headFlags: number, states: readonly number[], ctrlFlags = 0): boolean =>
  kernelRun(profile, twoPaths, function* (world) {
    const paths = states.map((state) => ({ state, flags: 0, ana: 0, node: -1, depth: 0 }));
    const { head, list } = yield* headOfPaths(world, profile.parts, 0, paths);
    head.flags = headFlags;
    for (const ns of list) ns.ctrl.flags = ctrlFlags;
    return yield* profile.parts.available_path(head);
  }).value;

const both = [profile_6_1, profile_7_3];
const [NEW, LIVE, RESETTING, CONNECTING, DELETING, NOIO, DEAD] = [0, 1, 2, 3, 4, 5, 6];

test.each(both)('$name: a controller that is live or on its way there may serve the bio later', (profile) => {
  for (const state of [LIVE, RESETTING, CONNECTING]) expect(available(profile, DISK_LIVE, [state])).toBe(true);
  for (const state of [NEW, DELETING, NOIO, DEAD]) expect(available(profile, DISK_LIVE, [state])).toBe(false);
  expect(available(profile, DISK_LIVE, [DEAD, RESETTING])).toBe(true);
  expect(available(profile, DISK_LIVE, [])).toBe(false);
});

test.each(both)('$name: a controller that failed fast does not count', (profile) => {
  expect(available(profile, DISK_LIVE, [CONNECTING], FAILFAST_EXPIRED)).toBe(false);
});

test('7.3 asks for the disk first: a head that goes has no path, whatever its flags', () => {
  expect(available(profile_7_3, QUEUE_IF_NO_PATH, [LIVE])).toBe(false);
  expect(available(profile_7_3, DISK_LIVE | QUEUE_IF_NO_PATH, [])).toBe(true);
});

test('6.1 knows neither', () => {
  expect(available(profile_6_1, 0, [LIVE])).toBe(true);
  expect(available(profile_6_1, DISK_LIVE | QUEUE_IF_NO_PATH, [])).toBe(false);
});
