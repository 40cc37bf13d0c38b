// SPDX-License-Identifier: GPL-2.0-only
import type { VmBlock, VmDevice, VmNode, VmSpec } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import {
  controllersOf,
  emulatedName,
  readSectorOf,
  subsystemOf,
  subsystemsOf,
  type NvmeNamespaceTopology,
  type NvmeTopology,
} from '../topology.js';
import { targetModules } from './target/configure.js';

const MIB = 1_024 * 1_024;
const MEMORY_MIB = 512;
const DISTANCE = 20;

const portId = (label: string): string => `port-${label}`;
/** Id of a controller in the machine. */
export const controllerId = (label: string): string => `ctrl-${label}`;
const subsystemId = (name: string | undefined): string => (name === undefined ? 'subsystem' : `subsystem-${name}`);
const blockId = ({ nsid, subsystem }: NvmeNamespaceTopology): string =>
  subsystem === undefined ? `disk-${nsid}` : `disk-${subsystem}-${nsid}`;

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

const namespaceDevice = (topology: NvmeTopology, namespace: NvmeNamespaceTopology): VmDevice => {
  const { nsid, shared, on } = namespace;
  const [first] = on;
  const expected = shared ? controllersOf(topology.controllers, namespace.subsystem).length : 1;
  if (first === undefined || on.length !== expected) {
    throw errors.fail('LMP-232', {
      message:
        `namespace ${nsid} is ${shared ? 'shared' : 'private'} and on ${on.length} controllers: ` +
        `${expected === 1 ? 'one is' : `all ${expected} are`} expected`,
      where: `topology.namespaces, nsid ${nsid}`,
      todo: 'leave out `on`, or make the namespace private to one controller',
    });
  }
  return { driver: 'nvme-ns', props: { drive: blockId(namespace), nsid, shared, bus: controllerId(first) } };
};

/** An emulated controller, behind its own root port. */
export const controllerDevice = (topology: NvmeTopology, label: string): VmDevice => ({
  driver: 'nvme',
  props: {
    id: controllerId(label),
    serial: 'libmultipath',
    subsys: subsystemId(subsystemOf(topology, label)),
    bus: portId(label),
  },
});

/**
 * One NVM subsystem or several, each controller behind a root port of its own, so that each can be
 * removed and found again alone. All controllers carry the same serial number: the kernel
 * takes the subsystem's from whichever comes first.
 * @throws LMP-232 a namespace that the emulated subsystem cannot attach so
 */
export const lowerTopology = (topology: NvmeTopology): VmSpec =>
  topology.transport === 'tcp' ? withTarget(topology) : emulated(topology);

const kernelArgsOf = ({ multipath, queueEntries }: NvmeTopology): readonly string[] => [
  ...(multipath === false ? ['nvme_core.multipath=N'] : []),
  ...(queueEntries === undefined ? [] : [`nvme.io_queue_depth=${String(queueEntries)}`]),
];

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

const blockOf = (topology: NvmeTopology, namespace: NvmeNamespaceTopology): VmBlock => {
  const { sizeMiB, badRead, requestsPerSecond } = namespace;
  return {
    id: blockId(namespace),
    sizeBytes: sizeMiB * MIB,
    ...(badRead === undefined ? {} : { failingSector: readSectorOf(topology, badRead - 1) }),
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
  };
};

const emulated = (topology: NvmeTopology): VmSpec => ({
  nodes: nodesOf(topology.nodes),
  ...(topology.nodes > 1 ? { distances: distancesOf(topology) } : {}),
  ports: topology.controllers.map(({ label, node }) =>
    node === undefined || topology.nodes === 1 ? { id: portId(label) } : { id: portId(label), node },
  ),
  blocks: topology.namespaces.map((namespace) => blockOf(topology, namespace)),
  devices: [
    ...subsystemsOf(topology).map((name) => ({
      driver: 'nvme-subsys',
      props: { id: subsystemId(name), nqn: emulatedName(name) },
    })),
    ...topology.controllers.map(({ label }) => controllerDevice(topology, label)),
    ...topology.namespaces.map((namespace) => namespaceDevice(topology, namespace)),
  ],
  modules: ['nvme'],
  kernelArgs: kernelArgsOf(topology),
});
