// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { HZ, msleep, settle, sysfs_read, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { profile_6_1, profile_6_12, profile_7_2, profile_7_3, type MainlineProfile } from '../mainline/profiles.js';
import { modelSetIopolicy } from '../model/policy.js';
import { findHead, modelHead, modelLinks } from '../model/disks.js';
import { failNextAdmin, failNextCommand, setAnaLog, setAnaState } from '../model/path-verbs.js';
import { modelAwaitRead, modelPathsOf, modelRead, modelResultOf, modelStartRead } from '../model/reads.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { kernelRun, topologyOf } from '../testing/kernel-run.js';
import { anaNamespaces, anaPaths, attachAll, pathAt } from '../testing/targets.js';
import { anaLogPage, type AnaGroup } from './ana-log.js';
import * as c from './constants.js';
import { anaIdentity } from './controller-identity.js';

const onePath = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }] });
const kernels = [profile_6_1, profile_6_12, profile_7_2, profile_7_3];

const counts = function* (world: NvmeModelWorld): Steps<unknown> {
  const kobj = findHead(world)?.device.kobj;
  return kobj === undefined ? null : yield* sysfs_read(kobj, 'diag/io_requeue_no_usable_path_count');
};

const ctrlOf = (world: NvmeModelWorld, label: string) => {
  const { drvdata } = slotOf(world, label);
  if (drvdata === null) throw new Error(`${label} is not there`);
  return drvdata;
};

test.each(kernels)('$name: a path shows its group and state, a head neither', (profile) => {
  const { value } = kernelRun(profile, anaPaths({ groups: { 1: c.NVME_ANA_NONOPTIMIZED } }), function* (world) {
    yield* attachAll(world);
    const { kobj } = pathAt(world, 'c0').disk.device;
    const shown = [yield* sysfs_read(kobj, 'ana_state'), yield* sysfs_read(kobj, 'ana_grpid')];
    return { shown, head: findHead(world)?.device.kobj.attributes.has('ana_state') };
  });
  expect(value).toEqual({ shown: ['non-optimized\n', '1\n'], head: false });
});

test.each(kernels)('$name: a change notice is read, and a path that may take I/O again ends what waits', (profile) => {
  const { value } = kernelRun(profile, anaPaths(), function* (world) {
    yield* attachAll(world);
    for (const label of ['c0', 'c1']) yield* setAnaState(world, label, 1, c.NVME_ANA_INACCESSIBLE);
    yield* settle();
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* settle([]);
    const waiting = yield* modelResultOf(world, 'r');
    yield* setAnaState(world, 'c1', 1, c.NVME_ANA_NONOPTIMIZED);
    yield* modelAwaitRead(world, { read: 'r' });
    return { waiting, result: yield* modelResultOf(world, 'r'), paths: yield* modelPathsOf(world, 'r') };
  });
  expect(value).toEqual({ waiting: 'pending', result: 'ok', paths: ['c1'] });
});

test.each([
  ['persistent-loss', c.NVME_ANA_PERSISTENT_LOSS],
  ['change', c.NVME_ANA_CHANGE],
  ['inaccessible', c.NVME_ANA_INACCESSIBLE],
])('7.3: I/O queues without limit while every path is %s', (_name, state) => {
  const { value } = kernelRun(profile_7_3, anaPaths(), function* (world) {
    yield* attachAll(world);
    for (const label of ['c0', 'c1']) yield* setAnaState(world, label, 1, state);
    yield* settle();
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* settle([]);
    return [yield* modelResultOf(world, 'r'), yield* counts(world)];
  });
  expect(value).toEqual(['pending', '1\n']);
});

test.each(kernels)(
  '$name: an ANA error sends the bio back, and the log is read before the path is used again',
  (profile) => {
    const { value } = kernelRun(profile, anaPaths(), function* (world) {
      yield* attachAll(world);
      yield* failNextCommand(world, 'c0', c.NVME_SC_ANA_INACCESSIBLE);
      yield* modelRead(world, { as: 'r', cpu: 0, count: 1, through: undefined });
      yield* settle();
      const pending = (pathAt(world, 'c0').flags >> c.NVME_NS_ANA_PENDING) & 1;
      return { result: yield* modelResultOf(world, 'r'), paths: yield* modelPathsOf(world, 'r'), pending };
    });
    expect(value).toMatchObject({ result: 'ok', pending: 0 });
    expect(value.paths).toMatchObject({ 0: 'c0' });
  },
);

test.each(kernels)(
  '$name: a group that stays in change resets its controller after twice ANATT, and again',
  (profile) => {
    const { value, machine } = kernelRun(profile, anaPaths(), function* (world) {
      yield* attachAll(world);
      yield* setAnaState(world, 'c0', 1, c.NVME_ANA_CHANGE);
      yield* settle();
      const ana = ctrlOf(world, 'c0').ana;
      const armed = ana === null ? undefined : ana.anatt_timer.clock.armed.get(ana.anatt_timer);
      return { armed, state: ctrlOf(world, 'c0').state };
    });
    expect(value).toEqual({ armed: machine.clock.jiffies + 20 * HZ, state: c.NVME_CTRL_LIVE });
  },
);

test('the timer fires: the controller is reset, is live again, and the timer is armed anew', () => {
  const { value, machine } = kernelRun(profile_7_3, anaPaths(), function* (world) {
    yield* attachAll(world);
    for (const label of ['c0', 'c1']) yield* setAnaState(world, label, 1, c.NVME_ANA_CHANGE);
    yield* settle();
    // Nothing but a timer can end this read.
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* msleep(21_000);
    yield* settle();
    const { ana, state } = ctrlOf(world, 'c0');
    return { state, again: ana !== null && ana.anatt_timer.clock.armed.has(ana.anatt_timer) };
  });
  expect(value).toEqual({ state: c.NVME_CTRL_LIVE, again: true });
  expect(machine.log.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('ANATT timeout, resetting controller.'),
  );
});

test('a group that leaves change stops the timer; a read that fails leaves it as it is', () => {
  const { value } = kernelRun(profile_7_3, anaPaths(), function* (world) {
    yield* attachAll(world);
    const { ana } = ctrlOf(world, 'c0');
    const isArmed = (): boolean => ana !== null && ana.anatt_timer.clock.armed.has(ana.anatt_timer);
    const seen: boolean[] = [];
    const then = function* (body: Steps<void>): Steps<void> {
      yield* body;
      yield* settle();
      seen.push(isArmed());
    };
    yield* then(setAnaState(world, 'c0', 1, c.NVME_ANA_CHANGE));
    yield* failNextAdmin(world, 'c0', 0x2002);
    yield* then(setAnaState(world, 'c0', 1, c.NVME_ANA_OPTIMIZED));
    yield* then(setAnaState(world, 'c0', 1, c.NVME_ANA_OPTIMIZED));
    return seen;
  });
  expect(value).toEqual([true, true, false]);
});

test('a group that the log does not have yet leaves the path pending until a log names it', () => {
  const { value } = kernelRun(profile_7_3, anaPaths({ groups: {} }), function* (world) {
    yield* attachAll(world, ['c0']);
    const before = (yield* modelHead(world)) as { present: boolean };
    const { flags, ana_grpid } = pathAt(world, 'c0');
    yield* setAnaState(world, 'c0', 1, c.NVME_ANA_OPTIMIZED);
    yield* settle();
    const after = (yield* modelHead(world)) as { present: boolean };
    return { before: before.present, pending: (flags >> c.NVME_NS_ANA_PENDING) & 1, ana_grpid, after: after.present };
  });
  expect(value).toEqual({ before: false, pending: 1, ana_grpid: 1, after: true });
});

test.each([
  [profile_6_12, null],
  [profile_7_3, ['c0', 'c1']],
] as const)('$0.name: the head links a path whatever its ANA state', (profile, links) => {
  const { value } = kernelRun(profile, anaPaths(), function* (world) {
    const { target } = slotOf(world, 'c1');
    target?.groups.set(1, c.NVME_ANA_INACCESSIBLE);
    yield* attachAll(world);
    return yield* modelLinks(world);
  });
  expect(value).toEqual(links);
});

test('a change to inaccessible forgets no choice: the node keeps the path until another is found', () => {
  const { value } = kernelRun(profile_7_3, anaPaths(), function* (world) {
    yield* attachAll(world);
    const nodes = (label: string): Steps<string | number> =>
      sysfs_read(pathAt(world, label).disk.device.kobj, 'numa_nodes');
    yield* setAnaState(world, 'c0', 1, c.NVME_ANA_INACCESSIBLE);
    yield* settle();
    const stale = yield* nodes('c0');
    yield* modelRead(world, { as: 'r', cpu: 0, count: 1, through: undefined });
    return [stale, yield* nodes('c0'), yield* nodes('c1')];
  });
  expect(value).toEqual(['0\n', '\n', '0\n']);
});

test.each([
  ['no room for a namespace', { mnan: 0 }, 'Invalid MNAN value 0'],
  ['more namespaces than ids', { mnan: 300 }, 'Invalid MNAN value 300'],
])('%s: the controller is not brought up', (_name, wrong, text) => {
  const { value, machine } = kernelRun(
    profile_7_3,
    anaPaths({ identity: { ...anaIdentity, ...wrong } }),
    function* (world) {
      yield* attachAll(world);
      return [...world.slots.values()].map(({ drvdata }) => drvdata);
    },
  );
  expect(value).toEqual([null, null]);
  expect(machine.log.map((line) => line.text)).toContain(`nvme nvme0: ${text}`);
});

test('a log larger than one transfer: the controller is used without ANA', () => {
  const { value, machine } = kernelRun(
    profile_7_3,
    anaPaths({ identity: { ...anaIdentity, mdtsBytes: 64 } }),
    function* (world) {
      yield* attachAll(world);
      return pathAt(world, 'c0').ana_state;
    },
  );
  expect(value).toBe(c.NVME_ANA_OPTIMIZED);
  expect(machine.log.map((line) => line.text)).toEqual(
    expect.arrayContaining([
      'nvme nvme0: ANA log page size (208) larger than MDTS (64).',
      'nvme nvme0: disabling ANA support.',
    ]),
  );
});

test('a first log that is bad fails the controller; one that the device refuses leaves it without ANA', () => {
  const first = (bad: boolean) =>
    kernelRun(profile_7_3, anaPaths(), function* (world) {
      const { target } = slotOf(world, 'c0');
      if (bad && target !== null) target.rawLog = anaLogPage([{ grpid: 0, state: 1, nsids: [] }]);
      if (!bad) yield* failNextAdmin(world, 'c0', 0x2002);
      yield* attachAll(world, ['c0']);
      return slotOf(world, 'c0').drvdata?.ana?.ana_log_buf ?? slotOf(world, 'c0').drvdata?.state ?? 'gone';
    }).value;
  expect(first(true)).toBe('gone');
  expect(first(false)).toBe(c.NVME_CTRL_LIVE);
});

/** The policy, one path which the host remembers, and a group that changes without a word. */
const unannounced = (profile: MainlineProfile, policy: string) =>
  kernelRun(profile, anaPaths({}, onePath), function* (world) {
    yield* attachAll(world);
    yield* modelSetIopolicy(world, { policy });
    yield* modelRead(world, { as: 'first', cpu: 0, count: 1, through: undefined });
    const { ctrl } = pathAt(world, 'c0');
    slotOf(world, 'c0').target?.groups.set(1, c.NVME_ANA_INACCESSIBLE);
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* settle([]);
    const { flags, ana_state } = pathAt(world, 'c0');
    const waiting = yield* modelResultOf(world, 'r');
    yield* setAnaState(world, 'c0', 1, c.NVME_ANA_OPTIMIZED);
    yield* modelAwaitRead(world, { read: 'r' });
    const pending = (flags >> c.NVME_NS_ANA_PENDING) & 1;
    return { ana_state, pending, waiting, result: yield* modelResultOf(world, 'r'), state: ctrl.state };
  }).value;

test.each([
  [profile_6_1, 'numa'],
  [profile_6_1, 'round-robin'],
  [profile_6_12, 'queue-depth'],
  [profile_7_3, 'numa'],
  [profile_7_3, 'round-robin'],
  [profile_7_3, 'queue-depth'],
])(
  '$0.name %s: the target answers before the host knows: the log is read, the bio waits, and none is failed',
  (profile, policy) => {
    expect(unannounced(profile, policy)).toEqual({
      ana_state: c.NVME_ANA_INACCESSIBLE,
      pending: 0,
      waiting: 'pending',
      result: 'ok',
      state: c.NVME_CTRL_LIVE,
    });
  },
);

/** Where reads go by policy, with the first path in one ANA state and the second in another. */
const choices = (profile: MainlineProfile, policy: string, first: number, second: number): unknown =>
  kernelRun(profile, anaPaths(), function* (world) {
    yield* attachAll(world);
    yield* modelSetIopolicy(world, { policy });
    yield* setAnaState(world, 'c0', 1, first);
    yield* setAnaState(world, 'c1', 1, second);
    yield* settle();
    yield* modelRead(world, { as: 'r', cpu: 0, count: 3, through: undefined });
    return new Set((yield* modelPathsOf(world, 'r')) as readonly string[]);
  }).value;

test.each([
  ['numa', profile_6_1],
  ['round-robin', profile_6_1],
  ['numa', profile_7_3],
  ['round-robin', profile_7_3],
  ['queue-depth', profile_7_3],
])(
  '%s on $1.name: an optimized path comes before a non-optimized one, and that before one which is neither',
  (policy, profile) => {
    const [opt, non, no] = [c.NVME_ANA_OPTIMIZED, c.NVME_ANA_NONOPTIMIZED, c.NVME_ANA_INACCESSIBLE];
    expect(choices(profile, policy, non, opt)).toEqual(new Set(['c1']));
    expect(choices(profile, policy, no, non)).toEqual(new Set(['c1']));
    expect(choices(profile, policy, opt, c.NVME_ANA_PERSISTENT_LOSS)).toEqual(new Set(['c0']));
    expect(choices(profile, policy, c.NVME_ANA_CHANGE, opt)).toEqual(new Set(['c1']));
  },
);

/** Where one read went that began while the only path was known to be inaccessible, and ended when it was not. */
const wayOf = (profile: MainlineProfile, policy: string): readonly unknown[] =>
  kernelRun(profile, anaPaths({}, onePath), function* (world) {
    yield* attachAll(world);
    yield* modelSetIopolicy(world, { policy });
    yield* modelRead(world, { as: 'first', cpu: 0, count: 1, through: undefined });
    yield* setAnaState(world, 'c0', 1, c.NVME_ANA_INACCESSIBLE);
    yield* settle();
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* settle([]);
    yield* setAnaState(world, 'c0', 1, c.NVME_ANA_OPTIMIZED);
    yield* modelAwaitRead(world, { read: 'r' });
    return (yield* modelPathsOf(world, 'r')) as readonly unknown[];
  }).value;

test.each([profile_6_1, profile_7_3])(
  '$name: with one path round-robin sends to it although it is inaccessible, and waits only then; numa waits at once',
  (profile) => {
    expect(wayOf(profile, 'round-robin').length).toBeGreaterThan(1);
    expect(wayOf(profile, 'numa')).toEqual(['c0']);
  },
);

/** Which state each namespace has after a log, by a plain reading: the first good groups in order, the last one wins. */
const reference = (groups: readonly AnaGroup[], count: number): number[] =>
  Array.from({ length: count }, (_, i) => {
    let state = c.NVME_ANA_OPTIMIZED;
    for (const group of groups) {
      if (group.grpid === 0 || group.grpid > 128 || group.state === 0 || group.state > 15) break;
      if (group.nsids.includes(i + 1)) ({ state } = group);
    }
    return state;
  });

const NAMESPACES = 3;

const group: fc.Arbitrary<AnaGroup> = fc.record({
  grpid: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 128 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 129) },
  ),
  state: fc.constantFrom(1, 2, 3, 4, 15, 1, 2, 3, 0, 16),
  nsids: fc
    .uniqueArray(fc.integer({ min: 1, max: NAMESPACES + 2 }), { maxLength: 4 })
    .map((ids) => ids.sort((a, b) => a - b)),
});

const applied = (profile: MainlineProfile, groups: readonly AnaGroup[]): number[] =>
  kernelRun(profile, anaNamespaces(NAMESPACES), function* (world) {
    yield* attachAll(world);
    yield* setAnaLog(world, 'c0', anaLogPage(groups));
    yield* settle();
    return Array.from({ length: NAMESPACES }, (_, i) => pathAt(world, 'c0', i + 1).ana_state);
  }).value;

test.each([profile_6_1, profile_7_3])('$name: a log with bad groups is applied up to the first of them', (profile) => {
  fc.assert(
    fc.property(fc.array(group, { maxLength: 3 }), (groups) => {
      expect(applied(profile, groups)).toEqual(reference(groups, NAMESPACES));
    }),
    { numRuns: 25 },
  );
});

test('6.1 reads behind the buffer where a group lies about its namespaces, 7.3 refuses it', () => {
  const lie = anaLogPage([{ grpid: 1, state: 3, nsids: [1] }]);
  lie[16 + 6] = 1;
  const reports = (profile: MainlineProfile): string[] =>
    kernelRun(profile, anaNamespaces(2), function* (world) {
      yield* attachAll(world);
      yield* setAnaLog(world, 'c0', lie);
      yield* settle();
    }).reports.map(({ class: kind }) => kind);
  expect(reports(profile_6_1)).toContain('out-of-bounds');
  expect(reports(profile_7_3)).toEqual(['warning']);
});
