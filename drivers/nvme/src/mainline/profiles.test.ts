// SPDX-License-Identifier: GPL-2.0-only
import { isAtLeast, E } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { featureTable } from '../features.js';
import { modelIopolicy } from '../model/policy.js';
import { headOfPaths } from '../testing/head-of-paths.js';
import { kernelRun, twoPaths } from '../testing/kernel-run.js';
import { attachAll } from '../testing/targets.js';
import { __nvme_find_path } from './find-path.js';
import { nvme_set_iopolicy } from './iopolicy.js';
import { mainlineModels, mainlineProfileFor } from './models.js';
import type { MainlineParts } from './parts.js';
import { profile_6_1, profile_6_12, profile_7_2, profile_7_3, profileOf, type MainlineProfile } from './profiles.js';

const partNames = (profile: MainlineProfile): (keyof MainlineParts)[] =>
  (Object.keys(profile.parts) as (keyof MainlineParts)[]).filter((name) => name !== 'attributes');

const differing = (a: MainlineProfile, b: MainlineProfile): string[] =>
  partNames(a).filter((name) => a.parts[name] !== b.parts[name]);

test('7.2 differs from 7.3 in the removal of the head, in how far an ANA log is believed, and in what nuse gives', () => {
  expect(differing(profile_7_2, profile_7_3)).toEqual(['remove_head']);
  const { ana_bounds: _, nuse_result: __, ...same } = profile_7_2.environment;
  expect(profile_7_3.environment).toMatchObject(same);
  expect(profile_7_2.parts.attributes).toEqual(profile_7_3.parts.attributes);
});

test('6.12 differs from 7.2 in what came with delayed removal, links, counters and the reference of the device', () => {
  expect(differing(profile_6_12, profile_7_2)).toEqual([
    'available_path',
    'count_requeued',
    'count_failed',
    'failover_req',
    'chr_operations',
    'update_ns_ana_state',
    'module_iopolicy',
    'add_sysfs_link',
    'remove_sysfs_link',
    'add_cdev',
    'take_found_head',
    'refuses_unshared',
    'path_joined',
    'disk_made',
    'unlink_head',
    'remove_disk',
    'drop_failed_head',
  ]);
});

test('6.1 and 6.12 differ in choosing and counting, and in none of what delayed removal needs', () => {
  expect(differing(profile_6_1, profile_6_12)).toEqual([
    'path_is_disabled',
    'find_path',
    'available_path',
    'current_path_length',
    'send_to_path',
    'start_request',
    'end_request',
    'failover_req',
    'cleared_when_stolen',
    'head_operations',
    'iopolicy_names',
    'iopolicy_store',
    'remove_disk',
    'await_readers',
  ]);
});

test.each([
  ['6.1.0-50-cloud-amd64', '6.1'],
  ['6.3.1', '6.2'],
  ['6.12.107+deb13-cloud-amd64', '6.12'],
  ['6.14', '6.12'],
  ['6.16.3', '6.16'],
  ['6.19', '6.17'],
  ['7.1.5', '6.17'],
  ['7.2.12', '7.2'],
  ['7.3.4+deb13-cloud-amd64', '7.3'],
  ['8.0', '7.3'],
])('Linux %s is predicted by the model %s', (release, model) => {
  expect(mainlineProfileFor(release)).toBe(model);
});

test('a kernel older than every model is not predicted, nor is what is no release', () => {
  expect(mainlineProfileFor('5.15.0')).toBeUndefined();
  expect(mainlineProfileFor('next')).toBeUndefined();
});

test('every feature is one that some model has and, unless all have it, one that some model lacks', () => {
  const names = mainlineModels.map(({ name }) => name);
  expect(names).toEqual([...names].sort((a, b) => (isAtLeast(a, b) ? 1 : -1)));
  for (const [feature, { since }] of Object.entries(featureTable)) {
    const having = mainlineModels.filter(({ features }) => features.has(feature)).map(({ name }) => name);
    expect(having).toEqual(names.filter((name) => isAtLeast(name, since)));
    expect(having).not.toEqual([]);
  }
});

test('a predicted kernel takes its parts from the table: 6.16 removes late and counts nothing under diag', () => {
  const profile = profileOf('6.16');
  expect(differing(profile, profile_7_2)).toEqual([
    'count_requeued',
    'count_failed',
    'failover_req',
    'chr_operations',
    'module_iopolicy',
    'add_cdev',
  ]);
  expect(profile.parts.attributes).toMatchObject({ head: ['delayed_removal_secs'], headDiag: [], pathDiag: [] });
  expect(mainlineModels.find(({ name }) => name === '6.16')?.title).toContain('predicted');
  expect(mainlineModels.find(({ name }) => name === '6.12')?.title).not.toContain('predicted');
});

const sparse = { cpuNodes: [0, 8], nodes: [0, 8], possible: [0, 8] };

/** The slow path of node 8, on a machine whose nodes are 0 and 8. */
const choiceOfNode8 = (profile: MainlineProfile): boolean =>
  kernelRun(
    profile,
    twoPaths,
    function* (world) {
      const path = { state: 1, flags: 1 << 4, ana: 1, node: -1, depth: 0 };
      const { head } = yield* headOfPaths(world, profile.parts, 0, [path]);
      yield* __nvme_find_path(head, 8);
      return head.current_path[8] !== undefined;
    },
    sparse,
  ).value;

test('6.1 writes past the array of chosen paths where node ids are sparse (CVE-2026-74384), 6.12 does not', () => {
  expect(() => choiceOfNode8(profile_6_1)).toThrow('array-index-out-of-bounds in __nvme_find_path: index 8');
  expect(choiceOfNode8(profile_6_12)).toBe(true);
});

test('the module’s policy: 6.1 takes what begins with a name, 7.x the name alone', () => {
  const write = (profile: MainlineProfile, val: string): number =>
    profile.parts.module_iopolicy(profile.parts.iopolicy_names, val);
  expect([write(profile_6_1, 'numax'), write(profile_6_1, 'queue-depth')]).toEqual([0, -E.EINVAL]);
  expect([write(profile_6_12, 'queue-depth2'), write(profile_6_12, 'num')]).toEqual([2, -E.EINVAL]);
  expect([write(profile_7_2, 'numax'), write(profile_7_3, 'round-robin\n')]).toEqual([-E.EINVAL, 1]);
});

test('the module’s policy is that of subsystems made later', () => {
  const { value } = kernelRun(profile_7_3, twoPaths, function* (world) {
    const refused = nvme_set_iopolicy(world.core, profile_7_3.parts, 'numax');
    const taken = nvme_set_iopolicy(world.core, profile_7_3.parts, 'round-robin');
    yield* attachAll(world);
    return { refused, taken, shown: yield* modelIopolicy(world) };
  });
  expect(value).toEqual({ refused: -E.EINVAL, taken: 0, shown: 'round-robin' });
});
