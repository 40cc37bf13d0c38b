// SPDX-License-Identifier: GPL-2.0-only
import { settle, sysfs_read, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { profile_6_1, profile_6_12, profile_7_2, profile_7_3 } from '../mainline/profiles.js';
import { findHead, modelHead } from '../model/disks.js';
import { changeNamespace, setCapacity, setNamespaces } from '../model/path-verbs.js';
import { modelAwaitRead, modelRead, modelResultOf, modelStartRead } from '../model/reads.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { kernelRun, topologyOf, twoPaths } from '../testing/kernel-run.js';
import { anaPaths, attachAll, pathAt } from '../testing/targets.js';
import { NVME_CTRL_CMIC_MULTI_CTRL, NVME_NS_READY } from './constants.js';
import { anaIdentity, emulatedIdentity } from './controller-identity.js';
import { noIds } from './ns-ids.js';

const kernels = [profile_6_1, profile_6_12, profile_7_2, profile_7_3];
const SIZE = 64 * 2_048;

const sizes = (world: NvmeModelWorld): readonly (number | undefined)[] => [
  findHead(world)?.part0.bd_nr_sectors,
  ...['c0', 'c1'].map((label) => pathAt(world, label).disk.part0.bd_nr_sectors),
];

const texts = (log: readonly { readonly text: string }[]): string[] => log.map(({ text }) => text);

test.each(kernels)(
  '$name: a namespace that leaves one controller takes its path along, and comes back to the same head',
  (profile) => {
    const { value, machine, reports } = kernelRun(profile, anaPaths(), function* (world) {
      yield* attachAll(world);
      yield* setNamespaces(world, 'c0', () => []);
      yield* settle();
      const left = slotOf(world, 'c0').drvdata?.namespaces.next;
      const isEmpty = left === slotOf(world, 'c0').drvdata?.namespaces;
      yield* modelRead(world, { as: 'r', cpu: 0, count: 1, through: undefined });
      yield* setNamespaces(world, 'c0', (own) => own);
      yield* settle();
      return { isEmpty, result: yield* modelResultOf(world, 'r'), again: pathAt(world, 'c0').disk.disk_name };
    });
    expect(reports).toEqual([]);
    expect(value).toEqual({ isEmpty: true, result: 'ok', again: 'nvme0c0n1' });
    expect(texts(machine.log)).toContain('nvme nvme0: rescanning namespaces.');
  },
);

test.each(kernels)(
  '$name: a namespace that shows no capacity is let go, and with its last path the head',
  (profile) => {
    const { value, reports } = kernelRun(profile, anaPaths(), function* (world) {
      yield* attachAll(world);
      yield* setCapacity(world, 1, 0);
      yield* settle();
      return yield* modelHead(world);
    });
    expect(reports).toEqual([]);
    expect(value).toMatchObject({ present: false });
  },
);

test.each(kernels)(
  '$name: the head takes the size of the path looked at last; the others wait for their own turn',
  (profile) => {
    const { value, machine } = kernelRun(profile, anaPaths(), function* (world) {
      yield* attachAll(world);
      const seen: unknown[] = [sizes(world)];
      const ready = (label: string): number => (pathAt(world, label).flags >> NVME_NS_READY) & 1;
      yield* changeNamespace(world, 'c0', 1, { capacitySectors: 2 * SIZE });
      yield* settle();
      seen.push(sizes(world), [ready('c0'), ready('c1')]);
      yield* changeNamespace(world, 'c1', 1, { capacitySectors: 2 * SIZE });
      yield* settle();
      seen.push(sizes(world), [ready('c0'), ready('c1')]);
      return seen;
    });
    expect(value).toEqual([
      [SIZE, SIZE, SIZE],
      [2 * SIZE, 2 * SIZE, SIZE],
      [1, 0],
      [2 * SIZE, 2 * SIZE, 2 * SIZE],
      [1, 1],
    ]);
    expect(texts(machine.log)).toContain(
      `nvme0n1: detected capacity change from ${String(SIZE)} to ${String(2 * SIZE)}`,
    );
  },
);

test('a namespace that is not ready is attached when it is', () => {
  const { value } = kernelRun(profile_7_3, anaPaths(), function* (world) {
    for (const label of ['c0', 'c1']) yield* changeNamespace(world, label, 1, { isReady: false });
    yield* attachAll(world);
    const before = yield* modelHead(world);
    yield* changeNamespace(world, 'c0', 1, { isReady: true });
    yield* settle();
    return [before, yield* modelHead(world)];
  });
  expect(value).toMatchObject([{ present: false }, { present: true, instance: 1 }]);
});

const ids = (uuid: string) => ({ ...noIds, uuid });

test.each(kernels)('$name: a namespace whose identifiers change is let go', (profile) => {
  const { value, machine } = kernelRun(profile, anaPaths({ idsOf: { 1: ids('a') } }), function* (world) {
    yield* attachAll(world, ['c0']);
    yield* changeNamespace(world, 'c0', 1, { ids: ids('b') });
    yield* settle();
    return yield* modelHead(world);
  });
  expect(value).toMatchObject({ present: false });
  expect(texts(machine.log)).toContain('nvme nvme0: identifiers changed for nsid 1');
});

test.each(kernels)(
  '$name: a controller that names another identifier for a shared namespace gets no path',
  (profile) => {
    const { value, machine } = kernelRun(
      profile,
      anaPaths({ idsOf: { 'c0/1': ids('a'), 'c1/1': ids('b') } }),
      function* (world) {
        yield* attachAll(world);
        return slotOf(world, 'c1').drvdata?.namespaces.next === slotOf(world, 'c1').drvdata?.namespaces;
      },
    );
    expect(value).toBe(true);
    expect(texts(machine.log)).toContain("nvme nvme1: IDs don't match for shared namespace 1");
  },
);

const twoSubsystems = { c1: 'nqn.other' };

const otherSubsystem = (identity = anaIdentity, shared = true) => {
  const base = topologyOf({
    controllers: ['c0', 'c1'],
    namespaces: shared
      ? [{ nsid: 1 }]
      : [
          { nsid: 1, shared: false, on: ['c0'] },
          { nsid: 2, shared: false, on: ['c1'] },
        ],
  });
  return anaPaths({ identity, subnqnOf: twoSubsystems, idsOf: { 1: ids('same'), 2: ids('same') } }, base);
};

const pathCount = function* (world: NvmeModelWorld): Steps<number> {
  yield* attachAll(world);
  return [...world.slots.values()].filter(
    ({ drvdata }) => drvdata !== null && drvdata.namespaces.next !== drvdata.namespaces,
  ).length;
};

test('an identifier that another subsystem has, too: a shared namespace is ignored', () => {
  const { value, machine } = kernelRun(profile_7_3, otherSubsystem(), pathCount);
  expect(value).toBe(1);
  expect(texts(machine.log)).toContain('nvme nvme1: ignoring nsid 1 because of duplicate IDs');
});

test('one of a single controller is used without its identifiers', () => {
  const alone = { ...emulatedIdentity, cmic: 0 };
  const { value, machine } = kernelRun(profile_7_3, otherSubsystem(alone, false), function* (world) {
    const count = yield* pathCount(world);
    return { count, ids: pathAt(world, 'c1', 2).head?.ids };
  });
  expect(value).toEqual({ count: 2, ids: noIds });
  expect(texts(machine.log)).toEqual(
    expect.arrayContaining([
      'nvme nvme1: clearing duplicate IDs for nsid 2',
      'nvme nvme1: use of /dev/disk/by-id/ may cause data corruption',
    ]),
  );
});

test('two namespaces of one subsystem with the same identifier: the second is refused', () => {
  const base = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }, { nsid: 2 }] });
  const { value, machine } = kernelRun(
    profile_6_1,
    anaPaths({ idsOf: { 1: ids('x'), 2: ids('x') } }, base),
    function* (world) {
      yield* attachAll(world);
      return slotOf(world, 'c0').drvdata?.namespaces.next !== slotOf(world, 'c0').drvdata?.namespaces.prev;
    },
  );
  expect(value).toBe(false);
  expect(texts(machine.log)).toContain('nvme nvme0: duplicate IDs in subsystem for nsid 2');
});

test('a controller with the number of another is rejected', () => {
  const { value, machine } = kernelRun(
    profile_7_3,
    anaPaths({ identity: { ...anaIdentity, cntlid: 7 } }),
    function* (world) {
      yield* attachAll(world);
      return [...world.slots.values()].map(({ drvdata }) => drvdata !== null);
    },
  );
  expect(value).toEqual([true, false]);
  expect(texts(machine.log)).toContain(
    'nvme nvme1: Duplicate cntlid 7 with nvme0, subsys nqn.2019-08.org.qemu:libmultipath, rejecting',
  );
});

test.each([
  ['several controllers may exist', NVME_CTRL_CMIC_MULTI_CTRL, false, 'nvme0c0n1', false],
  ['only one controller may exist', 0, false, 'nvme0n1', true],
  ['only one may exist, and heads are for all', 0, true, 'nvme0c0n1', false],
])('%s: whether there is a head disk follows', (_name, cmic, always, name, cdev) => {
  const { value } = kernelRun(profile_7_3, anaPaths({ identity: { ...emulatedIdentity, cmic } }), function* (world) {
    world.core.multipath_always_on = always;
    yield* attachAll(world, ['c0']);
    const ns = pathAt(world, 'c0');
    return { name: ns.disk.disk_name, cdev: ns.cdev_device !== null };
  });
  expect(value).toEqual({ name, cdev });
});

test('without multipath each controller has a disk of its own, and says so', () => {
  const { value, machine, reports } = kernelRun(profile_7_3, twoPaths, function* (world) {
    world.core.multipath = false;
    yield* attachAll(world);
    return ['c0', 'c1'].map((label) => pathAt(world, label).disk.disk_name);
  });
  expect(reports).toEqual([]);
  expect(value).toEqual(['nvme0n1', 'nvme1n1']);
  expect(texts(machine.log)).toContain('nvme nvme1: Found shared namespace 1, but multipathing not supported.');
});

test('private namespaces with one nsid get a head each, where the nsid is not unique', () => {
  const identity = { ...emulatedIdentity, oacs: 0 };
  const base = topologyOf({ controllers: ['c0', 'c1'], namespaces: [{ nsid: 1 }] });
  const { value } = kernelRun(profile_7_3, anaPaths({ identity }, base), function* (world) {
    for (const label of ['c0', 'c1']) yield* changeNamespace(world, label, 1, { shared: false });
    yield* attachAll(world);
    const names = ['c0', 'c1'].map((label) => pathAt(world, label).disk.disk_name);
    return { names, same: pathAt(world, 'c0').head === pathAt(world, 'c1').head };
  });
  expect(value).toEqual({ names: ['nvme0n1', 'nvme0n2'], same: false });
});

test('a read that waits while the only path changes its size goes on with its own update', () => {
  const base = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }] });
  const { value } = kernelRun(profile_7_3, anaPaths({}, base), function* (world) {
    yield* attachAll(world);
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* setCapacity(world, 1, 2 * SIZE);
    yield* modelAwaitRead(world, { read: 'r' });
    const kobj = findHead(world)?.device.kobj;
    return [
      yield* modelResultOf(world, 'r'),
      kobj === undefined ? '' : yield* sysfs_read(kobj, 'delayed_removal_secs'),
    ];
  });
  expect(value).toEqual(['ok', '0\n']);
});
