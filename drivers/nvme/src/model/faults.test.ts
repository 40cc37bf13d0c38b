// SPDX-License-Identifier: GPL-2.0-only
import { settle, sysfs_read, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { profile_6_1, profile_6_12, profile_7_3 } from '../mainline/profiles.js';
import { kernelRun, topologyOf } from '../testing/kernel-run.js';
import { attachAll, pathAt } from '../testing/targets.js';
import { modelTryWrite } from './attributes.js';
import { modelSetBackend } from './backends.js';
import { modelMute, modelPull } from './controllers.js';
import { modelTargetOff } from './connections.js';
import { findHead } from './disks.js';
import { modelHoldCdev, modelRingCommand } from './ioctl.js';
import { modelRelease } from './head.js';
import { modelSetIopolicy } from './policy.js';
import { modelPathsOf, modelRead, modelResultOf, modelStartRead } from './reads.js';
import { modelDenyHost } from './target.js';
import { modelHoldController, modelLoadTransport, modelUnloadTransport } from './transport.js';
import { slotOf, type NvmeModelWorld } from './world.js';

const kernels = [profile_6_1, profile_6_12, profile_7_3];
const tcp = topologyOf({
  transport: 'tcp',
  controllers: ['c0', 'c1'],
  namespaces: [{ nsid: 1, mapped: true }, { nsid: 2 }],
});

function* startAll(world: NvmeModelWorld, labels: readonly string[]): Steps<void> {
  for (const as of labels) {
    yield* modelStartRead(world, { as, cpu: 0 });
    yield* settle([]);
  }
}

test.each(kernels)('$name: what waits for a place in the queue of a path that is pulled out gets EIO', (profile) => {
  const topology = topologyOf({ controllers: ['c0', 'c1'], namespaces: [{ nsid: 1 }], queueEntries: 2 });
  const { value, reports } = kernelRun(profile, topology, function* (world) {
    yield* attachAll(world);
    yield* modelMute(world, { controller: 'c0' });
    yield* startAll(world, ['in-flight', 'waiting']);
    yield* modelPull(world, { controller: 'c0' });
    yield* settle([]);
    const ends: unknown[] = [];
    for (const as of ['in-flight', 'waiting'])
      ends.push(yield* modelResultOf(world, as), yield* modelPathsOf(world, as));
    return ends;
  });
  expect(reports).toEqual([]);
  expect(value).toEqual(['ok', ['c0', 'c1'], 'EIO', ['c0']]);
});

test('a blocked namespace drives those beside it to the other controller, under queue-depth', () => {
  const { value } = kernelRun(profile_7_3, tcp, function* (world) {
    yield* attachAll(world);
    yield* modelSetIopolicy(world, { policy: 'queue-depth' });
    yield* modelSetBackend(world, { nsid: 1, state: 'blocked' });
    yield* startAll(world, ['stuck']);
    yield* modelRead(world, { as: 'beside', cpu: 0, count: 2, through: undefined, nsid: 2 });
    const depth = yield* sysfs_read(pathAt(world, 'c0').disk.device.kobj, 'queue_depth');
    yield* modelSetBackend(world, { nsid: 1, state: 'serving' });
    yield* settle([]);
    return [yield* modelPathsOf(world, 'beside'), depth, yield* modelResultOf(world, 'stuck')];
  });
  expect(value).toEqual([['c1', 'c1'], '1\n', 'ok']);
});

test.each([
  { profile: profile_6_1, state: 'connecting' },
  { profile: profile_6_12, state: 'gone' },
  { profile: profile_7_3, state: 'gone' },
])('$profile.name: a reset that the target refuses for good gives ENETRESET', ({ profile, state }) => {
  const { value } = kernelRun(profile, tcp, function* (world) {
    yield* attachAll(world);
    yield* modelDenyHost(world, {});
    const of = { kind: 'controller', label: 'c0' } as const;
    yield* modelTryWrite(world, { of, attribute: 'reset_controller', value: '1', as: 'reset' });
    yield* settle([]);
    const { drvdata } = slotOf(world, 'c0');
    return [yield* modelResultOf(world, 'reset'), drvdata === null ? 'gone' : 'connecting'];
  });
  expect(value).toEqual(['ENETRESET', state]);
});

test.each(kernels)('$name: an open controller keeps the transport, and nothing else does', (profile) => {
  const { value, reports } = kernelRun(profile, tcp, function* (world) {
    yield* attachAll(world);
    yield* modelHoldController(world, { controller: 'c1', as: 'held' });
    yield* modelUnloadTransport(world, { as: 'refused' });
    yield* modelRelease(world, { hold: 'held' });
    yield* modelUnloadTransport(world, { as: 'unloaded' });
    yield* modelLoadTransport(world, {});
    const results = [yield* modelResultOf(world, 'refused'), yield* modelResultOf(world, 'unloaded')];
    return [...results, findHead(world) === undefined, world.core.transport.state];
  });
  expect(reports).toEqual([]);
  expect(value).toEqual(['EAGAIN', 'ok', true, 'live']);
});

test.each(kernels)(
  '$name: a ring’s command ends as an ioctl does, but with EINVAL without a usable path',
  (profile) => {
    const topology = topologyOf({ transport: 'tcp', controllers: ['c0'], namespaces: [{ nsid: 1 }] });
    const { value, reports } = kernelRun(profile, topology, function* (world) {
      yield* attachAll(world);
      const results: unknown[] = [];
      for (const command of ['flush', 'flush-elsewhere', 'vendor-io', 'unknown'] as const) {
        yield* modelRingCommand(world, { command, as: command, through: undefined });
        results.push(yield* modelResultOf(world, command));
      }
      yield* modelHoldCdev(world, { as: 'held' });
      yield* modelTargetOff(world, { controller: 'c0' });
      yield* modelRingCommand(world, { command: 'flush', as: 'none', through: 'held' });
      return [...results, yield* modelResultOf(world, 'none')];
    });
    expect(reports).toEqual([]);
    expect(value).toEqual(['ok', 'EINVAL', '0x6001', 'ENOTTY', 'EINVAL']);
  },
);
