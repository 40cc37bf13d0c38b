// SPDX-License-Identifier: GPL-2.0-only
import type { VmDevice, VmNode, VmSpec } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { NvmeNamespaceTopology, NvmeTopology } from '../topology.js';
import { targetModules } from './target/configure.js';

const MIB = 1_024 * 1_024;
const MEMORY_MIB = 512;
const DISTANCE = 20;

const portId = (label: string): string => `port-${label}`;
const controllerId = (label: string): string => `ctrl-${label}`;
const blockId = (nsid: number): string => `disk-${nsid}`;

/** One node has two CPUs; of several, each has one. */
const nodesOf = (count: number): readonly VmNode[] =>
  count === 1
    ? [{ cpus: 2, memoryMiB: MEMORY_MIB }]
    : Array.from({ length: count }, () => ({ cpus: 1, memoryMiB: MEMORY_MIB / 2 }));

const distancesOf = ({ nodes: count, distances }: NvmeTopology): NonNullable<VmSpec['distances']> =>
  Array.from({ length: count }, (_, from) =>
    Array.from({ length: count }, (_unused, to) => ({
      from,
      to,
      distance: distances?.[from]?.[to] ?? DISTANCE,
    })).filter((entry) => entry.to !== from),
  ).flat();

const namespaceDevice = (topology: NvmeTopology, { nsid, shared, on }: NvmeNamespaceTopology): VmDevice => {
  const [first] = on;
  const expected = shared ? topology.controllers.length : 1;
  if (first === undefined || on.length !== expected) {
    throw errors.fail('LMP-232', {
      message:
        `namespace ${nsid} is ${shared ? 'shared' : 'private'} and on ${on.length} controllers: ` +
        `${expected === 1 ? 'one is' : `all ${expected} are`} expected`,
      where: `topology.namespaces, nsid ${nsid}`,
      todo: 'leave out `on`, or make the namespace private to one controller',
    });
  }
  return { driver: 'nvme-ns', props: { drive: blockId(nsid), nsid, shared, bus: controllerId(first) } };
};

/**
 * One NVM subsystem, each controller behind a root port of its own, so that each can be
 * removed and found again alone. All controllers carry the same serial number: the kernel
 * takes the subsystem's from whichever comes first.
 * @throws LMP-232 a namespace that the emulated subsystem cannot attach so
 */
export const lowerTopology = (topology: NvmeTopology): VmSpec =>
  topology.transport === 'tcp' ? withTarget(topology) : emulated(topology);

const kernelArgsOf = ({ multipath }: NvmeTopology): readonly string[] =>
  multipath === false ? ['nvme_core.multipath=N'] : [];

/** Target and host are the guest's own: the machine has no device of either. */
const withTarget = (topology: NvmeTopology): VmSpec => ({
  nodes: nodesOf(topology.nodes),
  ...(topology.nodes > 1 ? { distances: distancesOf(topology) } : {}),
  ports: [],
  blocks: [],
  devices: [],
  modules: [...targetModules, ...(topology.namespaces.some(({ mapped }) => mapped) ? ['dm_mod'] : [])],
  kernelArgs: kernelArgsOf(topology),
});

const emulated = (topology: NvmeTopology): VmSpec => ({
  nodes: nodesOf(topology.nodes),
  ...(topology.nodes > 1 ? { distances: distancesOf(topology) } : {}),
  ports: topology.controllers.map(({ label, node }) =>
    node === undefined || topology.nodes === 1 ? { id: portId(label) } : { id: portId(label), node },
  ),
  blocks: topology.namespaces.map(({ nsid, sizeMiB }) => ({ id: blockId(nsid), sizeBytes: sizeMiB * MIB })),
  devices: [
    { driver: 'nvme-subsys', props: { id: 'subsystem', nqn: 'libmultipath' } },
    ...topology.controllers.map(({ label }) => ({
      driver: 'nvme',
      props: { id: controllerId(label), serial: 'libmultipath', subsys: 'subsystem', bus: portId(label) },
    })),
    ...topology.namespaces.map((namespace) => namespaceDevice(topology, namespace)),
  ],
  modules: ['nvme'],
  kernelArgs: kernelArgsOf(topology),
});
