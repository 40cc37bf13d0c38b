// SPDX-License-Identifier: GPL-2.0-only
import type { VmBlock, VmDevice, VmNode, VmSpec } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { serialOf } from '../vocabulary/names.js';
import type { DesignatorTopology, ScsiPathTopology, ScsiTopology } from '../topology.js';

const MIB = 1_024 * 1_024;
const MEMORY_MIB = 512;
/** Hosts find nothing by themselves: with an asynchronous scan, devices come while a scenario runs. */
const KERNEL_ARGS: readonly string[] = ['scsi_mod.scan=manual'];
const DISTANCE = 20;

const portId = (host: string): string => `port-${host}`;
const adapterId = (host: string): string => `adapter-${host}`;
const blockId = (path: string): string => `disk-${path}`;
/** Id of a path’s disk in the machine. */
export const deviceIdOf = (path: string): string => `path-${path}`;

/** One node has two CPUs; of several, each has one. */
const nodesOf = (count: number): readonly VmNode[] =>
  count === 1
    ? [{ cpus: 2, memoryMiB: MEMORY_MIB }]
    : Array.from({ length: count }, () => ({ cpus: 1, memoryMiB: MEMORY_MIB / 2 }));

const distancesOf = (count: number): NonNullable<VmSpec['distances']> =>
  Array.from({ length: count }, (_, from) =>
    Array.from({ length: count }, (_unused, to) => ({ from, to, distance: DISTANCE })).filter(
      (entry) => entry.to !== from,
    ),
  ).flat();

const refuse = (path: string, message: string): never => {
  throw errors.fail('LMP-262', {
    message: `path ${path}: ${message}`,
    where: 'topology',
    todo: 'describe a plain disk, or say `needs:` so that the scenario stays on the model',
  });
};

/** QEMU's disk shows what it calls `device_id`, of no use to the kernel, then its `wwn`. */
const identity = (path: string, ids: readonly DesignatorTopology[]): Readonly<Record<string, string>> => {
  const [first, ...others] = ids.filter((one) => !('vendor' in one)).map((one) => one['naa']);
  if (others.length > 0 || ids.some((one) => !('vendor' in one) && one['naa']?.length !== 16))
    return refuse(path, 'QEMU shows at most one designator, an naa of 16 digits');
  return first === undefined ? {} : { wwn: `0x${first}` };
};

/** The handler is there before the first device, and who groups paths. */
const modulesOf = ({ alua, over }: ScsiTopology, own: readonly string[]): readonly string[] => [
  ...(alua ? ['scsi_dh_alua'] : []),
  ...own,
  // With ALUA in any case: few scenarios have it, and all of them share one machine so.
  ...(alua || over === 'dm' ? ['dm_multipath', 'dm_round_robin'] : []),
];

const diskOf = (topology: ScsiTopology, path: ScsiPathTopology): VmDevice => {
  const unit = topology.units.find(({ label }) => label === path.unit);
  if (unit === undefined || unit.tpgs !== 'none' || unit.type !== 'disk' || path.group !== undefined)
    return refuse(path.label, 'QEMU has plain disks without ALUA');
  return {
    driver: 'scsi-hd',
    props: {
      id: deviceIdOf(path.label),
      bus: `${adapterId(path.host)}.0`,
      drive: blockId(path.label),
      'scsi-id': path.id,
      lun: path.lun,
      serial: serialOf(path.label),
      ...identity(path.label, path.ids ?? unit.ids),
    },
  };
};

/** Under dm-multipath what was written by one path is read by another: they show the file of the unit's first. */
const blockOf = ({ units, paths, over }: ScsiTopology, path: ScsiPathTopology): VmBlock => {
  const { label, unit, requestsPerSecond } = path;
  const first = over === 'dm' ? (paths.find((other) => other.unit === unit)?.label ?? label) : label;
  return {
    id: blockId(label),
    sizeBytes: (units.find((one) => one.label === unit)?.sizeMiB ?? 1) * MIB,
    ...(first === label ? {} : { of: blockId(first) }),
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
  };
};

/**
 * An adapter behind a root port for each host, a disk for each path. With nothing over them, paths of one unit have
 * equal names and a medium each: what is read is not compared there, who it says it is, is.
 * @throws LMP-262 a unit that QEMU's disks cannot be
 */
const lowerQemu = (topology: ScsiTopology): VmSpec => ({
  nodes: nodesOf(topology.nodes),
  ...(topology.nodes > 1 ? { distances: distancesOf(topology.nodes) } : {}),
  ports: topology.hosts.map(({ label, node }) =>
    node === undefined || topology.nodes === 1 ? { id: portId(label) } : { id: portId(label), node },
  ),
  blocks: topology.paths.map((path) => blockOf(topology, path)),
  devices: [
    ...topology.hosts.map(({ label }) => ({
      driver: 'virtio-scsi-pci',
      props: { id: adapterId(label), bus: portId(label) },
    })),
    ...topology.paths.map((path) => diskOf(topology, path)),
  ],
  modules: modulesOf(topology, ['virtio_pci', 'virtio_scsi', 'sd_mod']),
  kernelArgs: KERNEL_ARGS,
});

/** An array that is part of the kernel: the machine needs its modules, and is the same for every topology. */
const lowerKernel = (topology: ScsiTopology, modules: readonly string[]): VmSpec => ({
  nodes: nodesOf(topology.nodes),
  ...(topology.nodes > 1 ? { distances: distancesOf(topology.nodes) } : {}),
  ports: [],
  blocks: [],
  devices: [],
  modules: modulesOf(topology, modules),
  kernelArgs: KERNEL_ARGS,
});

const SCSI_DEBUG_MIB = 8;
const SCSI_DEBUG_HOSTS = 4;

const checkScsiDebug = ({ units, groups, hosts, paths }: ScsiTopology): void => {
  if (hosts.length > SCSI_DEBUG_HOSTS) refuse('all', `scsi_debug has ${String(SCSI_DEBUG_HOSTS)} hosts here`);
  for (const { label, unit, ids, id } of paths) {
    const { sizeMiB, type } = units.find((one) => one.label === unit) ?? {};
    if (sizeMiB !== SCSI_DEBUG_MIB || type !== 'disk')
      refuse(label, `scsi_debug has disks of ${String(SCSI_DEBUG_MIB)} MiB`);
    if (ids !== undefined || id !== 0 || groups.length > 0)
      refuse(label, 'scsi_debug names itself and its groups, on target 0');
  }
};

const checkLio = ({ units, paths, hosts }: ScsiTopology): void => {
  if (paths.length !== hosts.length) refuse('all', 'a host of tcm_loop finds all its units at once: give it one path');
  for (const { label, unit, ids } of paths) {
    if (units.find((one) => one.label === unit)?.type !== 'disk') refuse(label, 'LIO has disks');
    if (ids !== undefined) refuse(label, 'LIO names itself by the serial number of the unit');
  }
};

/**
 * The machine of a topology.
 * @throws LMP-262 a unit that the array cannot have
 */
export const lowerTopology = (topology: ScsiTopology): VmSpec => {
  switch (topology.array) {
    case 'scsi_debug':
      checkScsiDebug(topology);
      return lowerKernel(topology, ['sd_mod', 'scsi_debug']);
    case 'lio':
      checkLio(topology);
      return lowerKernel(topology, ['sd_mod', 'configfs', 'target_core_mod', 'tcm_loop']);
    default:
      return lowerQemu(topology);
  }
};
