// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { nvmeTopology } from '../topology.js';
import { lowerTopology } from './lower.js';

it('puts each controller behind a port of its own, in the order of the topology', () => {
  const spec = lowerTopology(nvmeTopology.parse({ controllers: ['c1', 'c0'], namespaces: [{ nsid: 1, sizeMiB: 8 }] }));
  expect(spec.ports).toEqual([{ id: 'port-c1' }, { id: 'port-c0' }]);
  expect(spec.nodes).toEqual([{ cpus: 2, memoryMiB: 512 }]);
  expect(spec.blocks).toEqual([{ id: 'disk-1', sizeBytes: 8 << 20 }]);
  expect(spec.devices.map(({ driver, props }) => [driver, props['bus'], props['subsys'] ?? props['shared']])).toEqual([
    ['nvme-subsys', undefined, undefined],
    ['nvme', 'port-c1', 'subsystem'],
    ['nvme', 'port-c0', 'subsystem'],
    ['nvme-ns', 'ctrl-c1', true],
  ]);
});

it('gives several nodes a CPU each, distances both ways, and puts each port on its node', () => {
  const topology = { nodes: 2, controllers: { a: { node: 1 }, b: { node: 0 }, c: null }, namespaces: [{ nsid: 1 }] };
  const spec = lowerTopology(nvmeTopology.parse(topology));
  expect(spec.nodes.map(({ cpus }) => cpus)).toEqual([1, 1]);
  expect(spec.ports.map(({ node }) => node)).toEqual([1, 0, undefined]);
  expect(spec.distances).toEqual([
    { from: 0, to: 1, distance: 20 },
    { from: 1, to: 0, distance: 20 },
  ]);
});

it('attaches a private namespace to its one controller', () => {
  const topology = { controllers: ['c0', 'c1'], namespaces: [{ nsid: 2, shared: false, on: ['c1'] }] };
  const spec = lowerTopology(nvmeTopology.parse(topology));
  expect(spec.devices.at(-1)?.props).toMatchObject({ nsid: 2, shared: false, bus: 'ctrl-c1' });
});

it('refuses a shared namespace that some controllers do not have', () => {
  const topology = { controllers: ['c0', 'c1'], namespaces: [{ nsid: 1, on: ['c1'] }] };
  expect(() => lowerTopology(nvmeTopology.parse(topology))).toThrowError(
    expect.objectContaining({ code: 'LMP-232', message: expect.stringContaining('all 2 are expected') }),
  );
});

it('tells the kernel to do without multipath, and brings the device mapper, only where the topology says so', () => {
  const namespaces = [{ nsid: 1 }];
  const lower = (more: object): ReturnType<typeof lowerTopology> =>
    lowerTopology(nvmeTopology.parse({ controllers: ['c0'], namespaces, ...more }));
  expect(lower({}).kernelArgs).toEqual([]);
  expect(lower({ multipath: false }).kernelArgs).toEqual(['nvme_core.multipath=N']);
  expect(lower({ transport: 'tcp', multipath: false }).kernelArgs).toEqual(['nvme_core.multipath=N']);
  expect(lower({ transport: 'tcp' }).modules).not.toContain('dm_mod');
  expect(lower({ transport: 'tcp', namespaces: [{ nsid: 1, mapped: true }] }).modules).toContain('dm_mod');
});

it('each subsystem has a device, with its controllers and namespaces', () => {
  const spec = lowerTopology(
    nvmeTopology.parse({
      controllers: { a0: {}, b0: { subsystem: 'b' } },
      namespaces: [{ nsid: 1 }, { nsid: 1, subsystem: 'b' }],
    }),
  );
  expect(spec.blocks.map(({ id }) => id)).toEqual(['disk-1', 'disk-b-1']);
  expect(spec.devices.map(({ props }) => props['nqn'] ?? props['subsys'] ?? [props['drive'], props['bus']])).toEqual([
    'libmultipath',
    'libmultipath-b',
    'subsystem',
    'subsystem-b',
    ['disk-1', 'ctrl-a0'],
    ['disk-b-1', 'ctrl-b0'],
  ]);
});
