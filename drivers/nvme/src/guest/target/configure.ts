// SPDX-License-Identifier: GPL-2.0-only
import { type GuestPort, unless } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { TARGET_NQN, targetIdsOf, type NvmeTopology } from '../../topology.js';
import { TargetPort } from './port.js';

const CONFIG = '/sys/kernel/config';
const NULLB = `${CONFIG}/nullb`;
const TARGET = `${CONFIG}/nvmet`;
const SUBSYSTEM = `${TARGET}/subsystems/${TARGET_NQN}`;
const GROUPS_MAX = 128;

export const targetPortDir = (nth: number): string => `${TARGET}/ports/${String(nth)}`;
export const namespaceDir = (nsid: number): string => `${SUBSYSTEM}/namespaces/${String(nsid)}`;
const diskOf = (nsid: number): string => `mpath${String(nsid)}`;

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

/**
 * Sets the target up: a disk in memory for each namespace, one subsystem, a port for each controller.
 * @returns the ports by label
 * @throws LMP-233 the kernel's target does not take it: `unsupported`
 */
export const configureTarget = async (
  port: GuestPort,
  topology: NvmeTopology,
): Promise<ReadonlyMap<string, TargetPort>> => {
  const ports = new Map(topology.controllers.map(({ label }, index) => [label, new TargetPort(label, index + 1)]));
  try {
    await port.call('net.up', { interface: 'lo' });
    await make(port, SUBSYSTEM, { attr_allow_any_host: '1', attr_serial: 'libmultipath' });
    for (const { nth, service } of ports.values()) {
      const dir = targetPortDir(nth);
      await make(port, dir, {
        addr_trtype: 'tcp',
        addr_adrfam: 'ipv4',
        addr_traddr: '127.0.0.1',
        addr_trsvcid: service,
      });
      await makeGroups(port, nth, topology);
    }
    for (const { nsid, sizeMiB, group } of topology.namespaces) {
      const disk = `${NULLB}/${diskOf(nsid)}`;
      await make(port, disk, { memory_backed: '1', size: String(sizeMiB), power: '1' });
      await make(port, namespaceDir(nsid), {
        device_path: `/dev/${diskOf(nsid)}`,
        device_uuid: dashed(targetIdsOf(nsid).uuid),
        device_nguid: dashed(targetIdsOf(nsid).nguid),
        ana_grpid: String(group),
        enable: '1',
      });
    }
    // Last: a port begins to listen when it gets its first subsystem.
    for (const { nth } of ports.values()) {
      const link = `${targetPortDir(nth)}/subsystems/${TARGET_NQN}`;
      await unless(port.call('link.make', { target: SUBSYSTEM, path: link }), 'EEXIST');
    }
  } catch (cause) {
    throw errors.fail('LMP-233', {
      message: `the target was not set up: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: TARGET,
      todo: 'take a kernel with nvmet, nvmet-tcp, nvme-tcp and null_blk, built in or as modules',
      cause,
    });
  }
  return ports;
};

/** Every group optimized again, every namespace enabled: how a scenario finds the target. */
export const restoreTarget = async (port: GuestPort, topology: NvmeTopology): Promise<void> => {
  for (const nth of topology.controllers.keys()) {
    for (const group of new Set(topology.namespaces.map((each) => each.group))) {
      await setGroupState(port, nth + 1, group, 'optimized');
    }
  }
  for (const { nsid } of topology.namespaces) {
    await port.call('file.write', { path: `${namespaceDir(nsid)}/enable`, data: '1' });
  }
};

/** State of a group as seen through a port; controllers that are connected get a notice. */
export const setGroupState = async (port: GuestPort, nth: number, group: number, state: string): Promise<void> => {
  const path = `${targetPortDir(nth)}/ana_groups/${String(group)}/ana_state`;
  await port.call('file.write', { path, data: state });
};
