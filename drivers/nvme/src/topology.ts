// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';
import { label, REMOTE_DISTANCE, type NumaTopology, type Reference } from '@libmultipath/driver-kit';
import { NVME_ANA_OPTIMIZED } from './environment/constants.js';
import { anaIdentity, type ControllerIdentity } from './environment/controller-identity.js';
import type { nvme_ns_ids } from './environment/ns-ids.js';
import { nvmfDefaults, type NvmfOptions } from './environment/nvmf-options.js';

/**
 * How the controllers are reached: emulated PCI functions, or a target in the machine itself over TCP on the
 * loopback address, each controller behind a port of its own. Only a target has ANA.
 */
export type NvmeTransport = 'pci' | 'tcp';

/** Name of the target's subsystem. */
export const TARGET_NQN = 'nqn.2026-11.org.libmultipath:target';

/** One controller. */
export interface NvmeControllerTopology {
  readonly label: string;
  /** The subsystem that it is one of; absent: the first. */
  readonly subsystem?: string;
  /** NUMA node of its root port; absent: on the root bus, which belongs to no node. */
  readonly node?: number;
}

export interface NvmeNamespaceTopology {
  readonly nsid: number;
  /** The subsystem that it is in; absent: the first. */
  readonly subsystem?: string;
  /** Attached to several controllers. */
  readonly shared: boolean;
  readonly sizeMiB: number;
  /** Labels of the controllers it is attached to. */
  readonly on: readonly string[];
  /** Its ANA group, where there is ANA. */
  readonly group: number;
  /** The disk cannot read the block that is read as this one in a scenario, counted from 1. Emulated controllers only. */
  readonly badRead?: number;
  /** How many requests its disk carries out in a second. Emulated controllers only. */
  readonly requestsPerSecond?: number;
  /** Its disk can change: its size, whether it serves, fails or keeps what it is given. */
  readonly mapped?: boolean;
}

/** Targets whose answers may change, in the place of emulated controllers. For programs: scenarios do not ask for it. */
export interface NvmeTargets {
  /** What every controller says of itself; `cntlid` is what it says of all. */
  readonly identity: ControllerIdentity;
  /** A fabrics connection to each; absent: PCI functions. */
  readonly fabrics?: NvmfOptions;
  /** State of each ANA group at the start, by its number. */
  readonly groups?: Readonly<Record<number, number>>;
  /** ANA group of each namespace, by nsid; 1 unless said. */
  readonly groupOf?: Readonly<Record<number, number>>;
  /** Identifiers of each namespace, by nsid; those of one controller by `label/nsid`. */
  readonly idsOf?: Readonly<Record<string, nvme_ns_ids>>;
  /** Subsystem of a controller that is in another one. */
  readonly subnqnOf?: Readonly<Record<string, string>>;
}

/** What a scenario's `topology` says, with every default filled in. One NVM subsystem, unless controllers name others. */
export interface NvmeTopology {
  readonly transport: NvmeTransport;
  /** NUMA nodes. More than one: one CPU each, CPU i on node i. One: two CPUs. */
  readonly nodes: number;
  /** From each node to each; absent: 10 and 20. */
  readonly distances?: readonly (readonly number[])[];
  readonly controllers: readonly NvmeControllerTopology[];
  readonly namespaces: readonly NvmeNamespaceTopology[];
  /** Controllers that are attached, in this order, when the scenario begins. */
  readonly attached?: readonly string[];
  /** Entries of each I/O queue of an emulated controller: one request less than that is under way at a time. */
  readonly queueEntries?: number;
  /** False: the kernel is told to do without multipath. */
  readonly multipath?: boolean;
  readonly targets?: NvmeTargets;
  /** Do the devices know reservations? Neither the emulated one nor the target does unless told. For programs. */
  readonly reservations?: boolean;
}

const node = z.int().min(0).max(7);

const controllers = z.union([
  z.array(label).min(1).max(16),
  z.record(
    label,
    z
      .strictObject({
        node: node.optional().describe('NUMA node of its root port; of none unless given.'),
        subsystem: label.optional().describe('The subsystem that it is one of: one without a name, unless given.'),
      })
      .nullable(),
  ),
]);

const namespaceSchema = z.strictObject({
  nsid: z.int().min(1).max(256).describe('Its number.'),
  subsystem: label.optional().describe('The subsystem that it is in: the one without a name, unless given.'),
  shared: z.boolean().optional().describe('Attached to several controllers; true unless given.'),
  sizeMiB: z.int().min(1).max(4_096).optional().describe('64 unless given.'),
  on: z.array(label).min(1).optional().describe('The controllers that show it; all of its subsystem unless given.'),
  group: z.int().min(1).max(128).optional().describe('Its ANA group, with `transport: tcp`; 1 unless given.'),
  badRead: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('Which of the blocks that the scenario reads, counted from 1, the disk cannot read. Not with `tcp`.'),
  requestsPerSecond: z.int().min(1).max(100_000).optional().describe('What its disk is able to do. Not with `tcp`.'),
  mapped: z
    .literal(true)
    .optional()
    .describe(
      'The disk behind it is one of the device mapper (`transport: tcp`), for `set-backend` and `resize-namespace`.',
    ),
});

const normalise = (given: z.infer<typeof controllers>): NvmeControllerTopology[] =>
  Array.isArray(given)
    ? given.map((name) => ({ label: name }))
    : Object.entries(given).map(([name, value]) => ({
        label: name,
        ...(value?.node === undefined ? {} : { node: value.node }),
        ...(value?.subsystem === undefined ? {} : { subsystem: value.subsystem }),
      }));

/** Labels of the controllers of one subsystem; undefined: of the one without a name. */
export const controllersOf = (
  controllers: readonly NvmeControllerTopology[],
  subsystem: string | undefined,
): readonly string[] => controllers.filter((one) => one.subsystem === subsystem).map((one) => one.label);

/** The subsystems, those that come first in the list of controllers first. */
export const subsystemsOf = ({
  controllers: list,
}: Pick<NvmeTopology, 'controllers'>): readonly (string | undefined)[] => [
  ...new Set(list.map(({ subsystem }) => subsystem)),
];

/** The subsystem of a controller; without a label: that of the first controller. */
export const subsystemOf = (
  { controllers: list }: Pick<NvmeTopology, 'controllers'>,
  name: string | undefined,
): string | undefined => (name === undefined ? list[0] : list.find((one) => one.label === name))?.subsystem;

/** Number of the first namespace in the subsystem of a controller, or in the first subsystem. */
export const firstNsid = (
  topology: Pick<NvmeTopology, 'controllers' | 'namespaces'>,
  name: string | undefined,
): number | undefined => {
  const subsystem = subsystemOf(topology, name);
  return topology.namespaces.find((one) => one.subsystem === subsystem)?.nsid;
};

const SECTORS_PER_MIB = 2_048;
const SECTORS_PER_READ = 16;

/**
 * First sector of what a scenario reads, by the number of the read from 0: in the upper half of the smallest namespace,
 * blocks of 4 KiB two apart.
 */
export const readSectorOf = ({ namespaces }: Pick<NvmeTopology, 'namespaces'>, nth: number): number =>
  (Math.min(...namespaces.map(({ sizeMiB }) => sizeMiB)) * SECTORS_PER_MIB) / 2 + nth * SECTORS_PER_READ;

/** Name of an emulated subsystem, as QEMU is given it. */
export const emulatedName = (subsystem: string | undefined): string =>
  subsystem === undefined ? 'libmultipath' : `libmultipath-${subsystem}`;

/** What the kernel calls a subsystem. */
export const subsystemNqn = ({ transport }: Pick<NvmeTopology, 'transport'>, subsystem: string | undefined): string =>
  transport === 'tcp' ? TARGET_NQN : `nqn.2019-08.org.qemu:${emulatedName(subsystem)}`;

const twice = (names: readonly (string | number)[]): string | number | undefined =>
  names.find((name, index) => names.indexOf(name) !== index);

/** Identifiers that the target in the guest is given for a namespace: a UUID and a NGUID. */
export const targetIdsOf = (nsid: number): nvme_ns_ids => {
  const last = nsid.toString(16).padStart(4, '0');
  return {
    uuid: `6c69626d70617468800000000000${last}`,
    nguid: `00c0ffee6c69626d70617468000${last.padStart(5, '0')}`,
    eui64: '',
    csi: 0,
  };
};

/** The model's side of a target in the guest: a fabrics connection to each port, ANA, every group optimized. */
const targetsOf = (namespaces: readonly NvmeNamespaceTopology[], labels: readonly string[]): NvmeTargets => ({
  identity: anaIdentity,
  fabrics: nvmfDefaults,
  groups: Object.fromEntries(namespaces.map(({ group }) => [group, NVME_ANA_OPTIMIZED])),
  groupOf: Object.fromEntries(namespaces.map(({ nsid, group }) => [nsid, group])),
  idsOf: Object.fromEntries(namespaces.map(({ nsid }) => [String(nsid), targetIdsOf(nsid)])),
  subnqnOf: Object.fromEntries(labels.map((name) => [name, TARGET_NQN])),
});

/** Schema of `topology` in a scenario of this driver. */
export const nvmeTopology = z
  .strictObject({
    transport: z
      .enum(['pci', 'tcp'])
      .optional()
      .describe(
        'Emulated PCI functions, unless given; or a target in the machine itself, over TCP. Only that has ANA.',
      ),
    nodes: z
      .int()
      .min(1)
      .max(8)
      .optional()
      .describe('NUMA nodes, CPU i on node i; unless given one node with two CPUs.'),
    controllers: controllers.describe('Controllers, by label; of one subsystem unless they name others.'),
    namespaces: z.array(namespaceSchema).min(1).max(16).describe('Namespaces of the subsystems.'),
    attached: z
      .array(label)
      .min(1)
      .optional()
      .describe(
        'Controllers that are attached, one after the other, before the first step. The model goes one schedule through ' +
          'that, where steps `attach` go through all.',
      ),
    multipath: z
      .boolean()
      .optional()
      .describe('False: the kernel runs with `nvme_core.multipath=N`: no head, and each path is a disk of its own.'),
    queueEntries: z
      .int()
      .min(2)
      .max(1024)
      .optional()
      .describe(
        'The kernel runs with `nvme.io_queue_depth=N`: a queue has room for N - 1 requests, others wait. Not with `tcp`.',
      ),
    distances: z
      .array(z.array(z.int().min(10).max(254)))
      .optional()
      .describe('From each NUMA node to each, a row for each node; 10 to itself and 20 to others unless given.'),
  })
  .transform((value, context): NvmeTopology => {
    const nodes = value.nodes ?? 1;
    const transport = value.transport ?? 'pci';
    const list = normalise(value.controllers);
    const labels = list.map((controller) => controller.label);
    const complain = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    if (list.length === 0 || list.length > 16) complain(['controllers'], 'expected 1 to 16 controllers');
    const double = twice(labels);
    if (double !== undefined) complain(['controllers'], `${String(double)} is named twice`);
    for (const controller of list) {
      if (controller.node !== undefined && controller.node >= nodes) {
        complain(['controllers', controller.label, 'node'], `expected a node below ${String(nodes)}`);
      }
    }
    const placed = transport === 'tcp' ? list.find((controller) => controller.node !== undefined) : undefined;
    if (placed !== undefined) complain(['controllers', placed.label, 'node'], 'a connection is on no node');
    const doubleNsid = twice(value.namespaces.map(({ nsid, subsystem = '' }) => `${subsystem} ${String(nsid)}`.trim()));
    if (doubleNsid !== undefined) complain(['namespaces'], `nsid ${String(doubleNsid)} is named twice`);
    const other = transport === 'tcp' ? list.find(({ subsystem }) => subsystem !== undefined) : undefined;
    if (other !== undefined)
      complain(['controllers', other.label, 'subsystem'], 'a target has one subsystem: leave `transport: tcp` out');
    const namespaces = value.namespaces.map((ns, index): NvmeNamespaceTopology => {
      const shared = ns.shared ?? true;
      const own = controllersOf(list, ns.subsystem);
      if (own.length === 0) complain(['namespaces', index, 'subsystem'], 'no controller is of that subsystem');
      const on = ns.on ?? own;
      for (const name of on) {
        if (!labels.includes(name)) complain(['namespaces', index, 'on'], `no controller is labelled ${name}`);
        else if (!own.includes(name)) complain(['namespaces', index, 'on'], `${name} is of another subsystem`);
      }
      if (transport === 'pci' && ns.group !== undefined)
        complain(['namespaces', index, 'group'], 'an emulated controller has no ANA groups: take `transport: tcp`');
      if (transport === 'pci' && ns.mapped === true)
        complain(['namespaces', index, 'mapped'], 'an emulated disk does not change: take `transport: tcp`');
      if (transport === 'tcp' && (!shared || on.length < labels.length))
        complain(['namespaces', index], 'a target shows its namespaces on every port: leave out `on` and `shared`');
      if (!shared && on.length > 1)
        complain(['namespaces', index], 'a private namespace is on one controller: say which');
      const { nsid, subsystem, badRead, requestsPerSecond, sizeMiB = 64, group = 1 } = ns;
      if (transport === 'tcp' && (badRead !== undefined || requestsPerSecond !== undefined))
        complain(['namespaces', index], 'the disk of a target is neither bad nor slow: leave `transport: tcp` out');
      return {
        nsid,
        ...(subsystem === undefined ? {} : { subsystem }),
        ...{ shared, sizeMiB, on, group },
        ...(badRead === undefined ? {} : { badRead }),
        ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
        ...(ns.mapped === true ? { mapped: true } : {}),
      };
    });
    const stranger = value.attached?.find((name) => !labels.includes(name));
    if (stranger !== undefined) complain(['attached'], `no controller is labelled ${stranger}`);
    const { attached, distances, multipath, queueEntries } = value;
    if (transport === 'tcp' && queueEntries !== undefined)
      complain(['queueEntries'], 'it is a parameter of the PCI driver: leave `transport: tcp` out');
    const isSquare = distances?.length === nodes && distances.every((row) => row.length === nodes);
    if (distances !== undefined && !isSquare) complain(['distances'], `expected ${String(nodes)} rows of as many`);
    const base = {
      transport,
      nodes,
      controllers: list,
      namespaces,
      ...(attached === undefined ? {} : { attached }),
      ...(distances === undefined ? {} : { distances }),
      ...(multipath === undefined ? {} : { multipath }),
      ...(queueEntries === undefined ? {} : { queueEntries }),
    };
    return transport === 'tcp' ? { ...base, targets: targetsOf(namespaces, labels) } : base;
  });

/** Names that scenario steps may use. */
export const declaredNames = (topology: NvmeTopology): readonly Reference[] =>
  topology.controllers.map(({ label: name }) => ({ kind: 'controller', name }));

/** CPUs and nodes of the simulated machine, as {@link NvmeTopology.nodes} says. */
export const numaOf = (topology: NvmeTopology): NumaTopology => {
  if (topology.nodes === 1) return { cpuNodes: [0, 0], nodes: [0] };
  const nodes = Array.from({ length: topology.nodes }, (_, index) => index);
  const { distances } = topology;
  if (distances === undefined) return { cpuNodes: nodes, nodes };
  return { cpuNodes: nodes, nodes, distance: (from, to) => distances[from]?.[to] ?? REMOTE_DISTANCE };
};
