// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { declaredNames, firstNsid, numaOf, nvmeTopology, subsystemOf } from './topology.js';

const namespaces = [{ nsid: 1 }];

test('a list of controllers and a map mean the same; defaults are filled in', () => {
  const list = nvmeTopology.parse({ controllers: ['c0', 'c1'], namespaces });
  expect(nvmeTopology.parse({ controllers: { c0: {}, c1: null }, namespaces })).toEqual(list);
  expect(list).toEqual({
    transport: 'pci',
    nodes: 1,
    controllers: [{ label: 'c0' }, { label: 'c1' }],
    namespaces: [{ nsid: 1, shared: true, sizeMiB: 64, on: ['c0', 'c1'], group: 1 }],
  });
  expect(declaredNames(list)).toEqual([
    { kind: 'controller', name: 'c0' },
    { kind: 'controller', name: 'c1' },
  ]);
});

test('several nodes have a CPU each, one node has two CPUs', () => {
  const two = nvmeTopology.parse({ nodes: 2, controllers: { c0: { node: 1 } }, namespaces });
  expect(numaOf(two)).toEqual({ cpuNodes: [0, 1], nodes: [0, 1] });
  expect(numaOf(nvmeTopology.parse({ controllers: ['c0'], namespaces }))).toEqual({ cpuNodes: [0, 0], nodes: [0] });
});

test.each([
  [{ controllers: { c0: { node: 1 } }, namespaces }, 'controllers.c0.node'],
  [{ controllers: ['c0', 'c0'], namespaces }, 'controllers'],
  [{ controllers: ['c0'], namespaces: [{ nsid: 1 }, { nsid: 1 }] }, 'namespaces'],
  [{ controllers: ['c0'], namespaces: [{ nsid: 1, on: ['c9'] }] }, 'namespaces.0.on'],
  [{ controllers: ['c0', 'c1'], namespaces: [{ nsid: 1, shared: false }] }, 'namespaces.0'],
  [{ controllers: ['c0'], namespaces: [{ nsid: 1, subsystem: 'b' }] }, 'namespaces.0.subsystem'],
  [{ controllers: { c0: {}, c1: { subsystem: 'b' } }, namespaces: [{ nsid: 1, on: ['c1'] }] }, 'namespaces.0.on'],
  [{ transport: 'tcp', controllers: { c0: { subsystem: 'b' } }, namespaces }, 'controllers.c0.subsystem'],
])('what cannot be is refused at its place: %j', (given, path) => {
  const { error } = nvmeTopology.safeParse(given);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
});

test('distances are those of each node to each, and a scenario may begin with controllers', () => {
  const given = {
    nodes: 2,
    controllers: ['c0', 'c1'],
    namespaces: [{ nsid: 1 }],
    distances: [
      [10, 15],
      [15, 10],
    ],
    attached: ['c1'],
  };
  const topology = nvmeTopology.parse(given);
  expect(topology.attached).toEqual(['c1']);
  expect(numaOf(topology).distance?.(0, 1)).toBe(15);
  expect(nvmeTopology.safeParse({ ...given, attached: ['c2'] }).success).toBe(false);
  expect(nvmeTopology.safeParse({ ...given, distances: [[10]] }).success).toBe(false);
});

test('only the disk behind a target may be mapped', () => {
  const given = { controllers: ['c0'], namespaces: [{ nsid: 1, mapped: true }] };
  expect(nvmeTopology.safeParse(given).success).toBe(false);
  expect(nvmeTopology.parse({ ...given, transport: 'tcp' }).namespaces[0]?.mapped).toBe(true);
});

test('subsystems have namespaces of their own, which may have the same number', () => {
  const topology = nvmeTopology.parse({
    controllers: { a0: {}, b0: { subsystem: 'b' }, b1: { subsystem: 'b' } },
    namespaces: [{ nsid: 1 }, { nsid: 1, subsystem: 'b' }, { nsid: 2, subsystem: 'b' }],
  });
  expect(topology.namespaces.map(({ on }) => on)).toEqual([['a0'], ['b0', 'b1'], ['b0', 'b1']]);
  expect([firstNsid(topology, undefined), subsystemOf(topology, 'b1')]).toEqual([1, 'b']);
});
