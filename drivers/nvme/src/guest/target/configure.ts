// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type GuestPort, namesIn, unless } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { TARGET_NQN, targetIdsOf, type NvmeTopology } from '../../topology.js';
import { diskOf, makeDisk, memoryMiBOf, setDisk } from './disk.js';
import { dismantleTarget } from './dismantle.js';
import { NULLB, SUBSYSTEM, TARGET } from './places.js';
import { TargetPort } from './port.js';

const GROUPS_MAX = 128;

export const targetPortDir = (nth: number): string => `${TARGET}/ports/${String(nth)}`;
export const namespaceDir = (nsid: number): string => `${SUBSYSTEM}/namespaces/${String(nsid)}`;

/** 16 bytes as configfs takes them. */
const dashed = (bytes: string): string => bytes.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Modules of a target in the guest, with the disks behind its namespaces. */
export const targetModules = ['configfs', 'null_blk', 'nvmet', 'nvmet_tcp', 'nvme', 'nvme_tcp'] as const;

/** Makes a directory whose attributes configfs brings along, and writes those named. */
const make = async (port: GuestPort, dir: string, attributes: Readonly<Record<string, string>>): Promise<void> => {
  await unless(port.call('dir.make', { path: dir }), 'EEXIST');
  for (const [name, data] of Object.entries(attributes)) {
    await port.call('file.write', { path: `${dir}/${name}`, data });
  }
};

/** Groups beside the first, which a port has by itself. */
const makeGroups = async (port: GuestPort, nth: number, topology: NvmeTopology): Promise<void> => {
  for (const group of new Set(topology.namespaces.map((each) => each.group))) {
    if (group > GROUPS_MAX || group === 1) continue;
    await make(port, `${targetPortDir(nth)}/ana_groups/${String(group)}`, {});
  }
};

/** Is the target that is there the one for this topology? */
const isSetUpFor = async (port: GuestPort, { controllers, namespaces }: NvmeTopology): Promise<boolean> => {
  if ((await namesIn(port, `${TARGET}/ports`)).length !== controllers.length) return false;
  if ((await namesIn(port, `${SUBSYSTEM}/namespaces`)).length !== namespaces.length) return false;
  for (const namespace of namespaces) {
    const { nsid, group, mapped } = namespace;
    if ((await attributeOf(port, `${NULLB}/${diskOf(nsid)}/size`)) !== String(memoryMiBOf(namespace))) return false;
    const disk = (await attributeOf(port, `${namespaceDir(nsid)}/device_path`)) ?? '';
    if ((mapped === true) !== disk.startsWith('/dev/dm-')) return false;
    if ((await attributeOf(port, `${namespaceDir(nsid)}/ana_grpid`)) !== String(group)) return false;
  }
  return true;
};

const build = async (port: GuestPort, topology: NvmeTopology, ports: readonly TargetPort[]): Promise<void> => {
  await make(port, SUBSYSTEM, { attr_allow_any_host: '1', attr_serial: 'libmultipath' });
  for (const { nth, service } of ports) {
    const dir = targetPortDir(nth);
    await make(port, dir, {
      addr_trtype: 'tcp',
      addr_adrfam: 'ipv4',
      addr_traddr: '127.0.0.1',
      addr_trsvcid: service,
    });
    await makeGroups(port, nth, topology);
  }
  for (const namespace of topology.namespaces) {
    const { nsid, group } = namespace;
    await make(port, namespaceDir(nsid), {
      device_path: await makeDisk(port, namespace),
      device_uuid: dashed(targetIdsOf(nsid).uuid),
      device_nguid: dashed(targetIdsOf(nsid).nguid),
      ana_grpid: String(group),
      enable: '1',
    });
  }
  // Last: a port begins to listen when it gets its first subsystem.
  for (const { nth } of ports) await serve(port, nth);
};

/**
 * Sets the target up, unless it is: a disk in memory for each namespace, one subsystem, a port for each controller. One
 * of another topology makes room.
 * @returns the ports by label
 * @throws LMP-233 the kernel's target does not take it: `unsupported`
 */
export const configureTarget = async (
  port: GuestPort,
  topology: NvmeTopology,
): Promise<ReadonlyMap<string, TargetPort>> => {
  const ports = topology.controllers.map(({ label }, index) => new TargetPort(label, index + 1));
  try {
    await port.call('net.up', { interface: 'lo' });
    if (!(await isSetUpFor(port, topology))) {
      await dismantleTarget(port);
      await build(port, topology, ports);
    }
  } catch (cause) {
    throw errors.fail('LMP-233', {
      message: `the target was not set up: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: TARGET,
      todo: 'take a kernel with nvmet, nvmet-tcp, nvme-tcp and null_blk, built in or as modules',
      cause,
    });
  }
  return new Map(ports.map((each) => [each.label, each]));
};

const linkOf = (nth: number): string => `${targetPortDir(nth)}/subsystems/${TARGET_NQN}`;

/** The port serves the subsystem, if it does not yet. */
export const serve = async (port: GuestPort, nth: number): Promise<void> => {
  await unless(port.call('link.make', { target: SUBSYSTEM, path: linkOf(nth) }), 'EEXIST');
};

/** The port ends its connections, and listens no more. */
export const stopServing = async (port: GuestPort, nth: number): Promise<void> => {
  await port.call('link.remove', { path: linkOf(nth) });
};

/** New connections are taken of every host, or of none: no host is on the subsystem's list. */
export const allowHosts = async (port: GuestPort, isAllowed: boolean): Promise<void> => {
  await port.call('file.write', { path: `${SUBSYSTEM}/attr_allow_any_host`, data: isAllowed ? '1' : '0' });
};

/** Every port served, every group optimized again, every namespace enabled: how a scenario finds the target. */
export const restoreTarget = async (port: GuestPort, topology: NvmeTopology): Promise<void> => {
  await allowHosts(port, true);
  for (const nth of topology.controllers.keys()) {
    await serve(port, nth + 1);
    for (const group of new Set(topology.namespaces.map((each) => each.group))) {
      await setGroupState(port, nth + 1, group, 'optimized');
    }
  }
  for (const { nsid, sizeMiB, mapped } of topology.namespaces) {
    if (mapped === true) {
      // Opened again, it is as large as it is now, and nobody is told later.
      await port.call('file.write', { path: `${namespaceDir(nsid)}/enable`, data: '0' });
      await setDisk(port, nsid, sizeMiB, 'serving');
    }
    await port.call('file.write', { path: `${namespaceDir(nsid)}/enable`, data: '1' });
  }
};

/** State of a group as seen through a port; controllers that are connected get a notice. */
export const setGroupState = async (port: GuestPort, nth: number, group: number, state: string): Promise<void> => {
  const path = `${targetPortDir(nth)}/ana_groups/${String(group)}/ana_state`;
  await port.call('file.write', { path, data: state });
};
