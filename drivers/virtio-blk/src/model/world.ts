// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, NUMA_NO_NODE } from '@libmultipath/driver-kit';
import { powerOn } from '../environment/interrupts.js';
import { Journal } from '../environment/journal.js';
import { Media, SECTORS_PER_BLOCK, SECTORS_PER_MIB } from '../environment/media.js';
import type { virtio_multipath } from '../environment/multipath-ops.js';
import { virtio_core } from '../environment/virtio-core.js';
import { virtio_device } from '../environment/virtio-device.js';
import { errors } from '../errors.js';
import type { VirtioTopology } from '../topology.js';
import { ModelSession } from './session.js';

/** The model as the words see it, whoever implements multipath over the disks. */
export interface VirtioModelWorld {
  readonly topology: VirtioTopology;
  readonly core: virtio_core;
  /** Label → its device, plugged in or not. */
  readonly devices: ReadonlyMap<string, virtio_device>;
  readonly media: Media;
  readonly session: ModelSession;
}

/**
 * Builds the initial state on the current machine: every device in its slot, none found by the driver.
 * @param multipath implements multipath, given a way to the driver that is made after it
 */
export const makeVirtioWorld = (
  topology: VirtioTopology,
  multipath: (core: () => virtio_core) => virtio_multipath,
): VirtioModelWorld => {
  const journal = new Journal();
  const mpath = multipath(() => core);
  const core: virtio_core = new virtio_core(mpath, journal);
  const media = new Media();
  const devices = new Map<string, virtio_device>();
  for (const label of topology.disks) {
    const block = topology.badBlock[label];
    const config = {
      label,
      serial: topology.serial,
      numaNode: topology.diskNode[label] ?? NUMA_NO_NODE,
      badSectors: block === undefined ? [] : [block * SECTORS_PER_BLOCK],
    };
    const vdev = new virtio_device(config, media, journal, topology.sizeMiB * SECTORS_PER_MIB);
    devices.set(label, vdev);
    powerOn(vdev);
  }
  const session = new ModelSession();
  const { globals } = currentMachine();
  globals.set('virtio_core', core);
  globals.set('virtio_devices', [...devices.values()]);
  globals.set('session', session);
  return { topology, core, devices, media, session };
};

/** The scenario reader has checked the label. Errors: LMP-292. */
export const deviceOf = (world: VirtioModelWorld, label: string): virtio_device => {
  const device = world.devices.get(label);
  if (device !== undefined) return device;
  throw errors.fail('LMP-292', { message: `no disk is called ${label}`, todo: 'report this' });
};
