// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { FakeGuest } from '../testing/fake-guest.js';
import { fakeWorld, twoPaths } from '../testing/fake-world.js';
import { guestAttributes } from './attributes.js';
import { guestCounters } from './counters.js';
import { guestHead } from './head.js';
import { guestIopolicy } from './iopolicy.js';
import { guestLinks } from './links.js';
import { guestNumaNodes } from './numa-nodes.js';
import { guestPaths } from './paths.js';

const HEAD = '/sys/class/nvme-subsystem/nvme-subsys3/nvme3n1';
const C0 = '/sys/bus/pci/devices/0000:01:00.0/nvme/nvme3/nvme3c3n1';
const C1 = '/sys/bus/pci/devices/0000:02:00.0/nvme/nvme5/nvme3c5n1';

const worldWith = (more: Record<string, string>, files = twoPaths()): ReturnType<typeof fakeWorld> =>
  fakeWorld(new FakeGuest(new Map([...files, ...Object.entries(more)])));

it('names paths by pattern, with the controller’s own number', async () => {
  const world = await worldWith({});
  const path = { name: 'nvme<S>c<C>n1', hidden: true, sizeMiB: 64, ana: false };
  expect(await guestPaths(world, {})).toEqual({ c0: path, c1: path });
  expect(await guestHead(world, {})).toEqual({ present: true, instance: 1, sizeMiB: 64, hidden: false, cdev: true });
});

it('shows a name that breaks the pattern as it is', async () => {
  const files = twoPaths(['c0']);
  const odd = '/sys/bus/pci/devices/0000:02:00.0/nvme/nvme5';
  files.set(`${odd}/nvme4c6n2/hidden`, '0\n');
  files.set(`${odd}/nvme4c6n2/ana_state`, 'optimized\n');
  const { c1 } = Object(await guestPaths(await worldWith({}, files), {}));
  expect(c1).toEqual({ name: 'nvme4c6n2', hidden: false, sizeMiB: null, ana: true });
});

it('names a path by its controller where there is no multipath', async () => {
  const files = new Map([['/sys/bus/pci/devices/0000:02:00.0/nvme/nvme5/nvme5n1/hidden', '0\n']]);
  const world = await fakeWorld(new FakeGuest(files));
  const off = { ...world, topology: { ...world.topology, multipath: false } };
  expect(Object(await guestPaths(off, {})).c1).toMatchObject({ name: 'nvme<C>n1', hidden: false });
  expect(Object(await guestPaths(world, {})).c1).toMatchObject({ name: 'nvme5n1' });
});

it('gives links as labels, and null where the kernel makes none', async () => {
  expect(await guestLinks(await worldWith({}), {})).toBeNull();
  const linked = await worldWith({ [`${HEAD}/multipath/nvme3c5n1`]: '', [`${HEAD}/multipath/nvme3c3n1`]: '' });
  expect(await guestLinks(linked, {})).toEqual(['c0', 'c1']);
});

it('keeps the content of numa_nodes to the byte', async () => {
  const world = await worldWith({ [`${C0}/numa_nodes`]: '0-1\n', [`${C1}/numa_nodes`]: '' });
  expect(await guestNumaNodes(world, {})).toEqual({ c0: '0-1\n', c1: '' });
  expect(await guestNumaNodes(await worldWith({}), {})).toEqual({ c0: null, c1: null });
});

it('lists the attributes it knows with their modes, groups file by file', async () => {
  const world = await worldWith({ [`${HEAD}/diag/io_x`]: '0\n', [`${HEAD}/queue`]: '', [`${C0}/queue_depth`]: '0\n' });
  expect(await guestAttributes(world, {})).toEqual({
    head: { nsid: '0444', diag: 'dir', 'diag/io_x': '0444' },
    path: { nsid: '0444', queue_depth: '0444' },
  });
});

it('reads both counters, and gives null without them', async () => {
  const one = `${HEAD}/diag/io_requeue_no_usable_path_count`;
  const other = `${HEAD}/diag/io_fail_no_available_path_count`;
  expect(await guestCounters(await worldWith({ [one]: '2\n', [other]: '1\n' }), {})).toEqual({
    requeued: 2,
    failed: 1,
  });
  expect(await guestCounters(await worldWith({ [one]: '2\n' }), {})).toBeNull();
});

it('has an answer for a guest with nothing attached', async () => {
  const world = await worldWith({}, new Map());
  expect(await guestHead(world, {})).toEqual({ present: false });
  expect(await guestPaths(world, {})).toEqual({});
  expect(await guestAttributes(world, {})).toEqual({ head: null, path: null });
  expect([await guestLinks(world, {}), await guestIopolicy(world, {}), await guestCounters(world, {})]).toEqual([
    null,
    null,
    null,
  ]);
});
