// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type GuestPort, namesIn } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { subsystemNqn, subsystemsOf, type NvmeTopology } from '../topology.js';
import { ATTACH_MS, DETACH_MS } from './deadlines.js';
import { parseControllerName } from './names.js';
import type { NamedController, Place } from './place.js';

const FUNCTION = /\/([0-9a-f]{4}:[0-9a-f]{2}):([0-9a-f]{2}\.[0-7])$/;

/** A PCI function behind a root port of its own. */
export class PciSlot implements Place {
  constructor(
    readonly label: string,
    /** Bus behind its root port, `0000:01`: a rescan of it finds this controller and no other. */
    readonly bus: string,
    /** PCI function of the controller, `0000:01:00.0`. */
    readonly functionAddress: string,
  ) {}

  /** Directory of the controller's device; holds `remove`, and `nvme/nvmeC` once it is probed. */
  get where(): string {
    return `/sys/bus/pci/devices/${this.functionAddress}`;
  }

  async isAttached(port: GuestPort): Promise<boolean> {
    return (await port.call('file.stat', { path: this.where })).kind !== 'absent';
  }

  async controllers(port: GuestPort): Promise<readonly NamedController[]> {
    const names = await namesIn(port, `${this.where}/nvme`);
    return names
      .filter((name) => parseControllerName(name) !== undefined)
      .map((name) => ({ name, dir: `${this.where}/nvme/${name}` }));
  }

  async find(port: GuestPort): Promise<void> {
    const path = `/sys/class/pci_bus/${this.bus}/rescan`;
    await port.call('file.write', { path, data: '1' }, { deadlineMs: ATTACH_MS });
  }

  async untilLive(port: GuestPort): Promise<void> {
    await port.call('wait.until', {
      all: [
        { path: `${this.where}/nvme/nvme*/state`, is: 'content', equals: 'live' },
        { path: `${this.where}/nvme/nvme*/nvme*`, is: 'present' },
      ],
      deadlineMs: ATTACH_MS,
    });
  }

  async remove(port: GuestPort): Promise<void> {
    await port.call('file.write', { path: `${this.where}/remove`, data: '1' }, { deadlineMs: DETACH_MS });
    await port.call('wait.until', { all: [{ path: this.where, is: 'absent' }], deadlineMs: DETACH_MS });
  }
}

interface Found {
  readonly subsystem: string;
  readonly cntlid: number;
  readonly bus: string;
  readonly devfn: string;
}

const found = async (port: GuestPort, controller: string): Promise<Found> => {
  const dir = `/sys/class/nvme/${controller}`;
  const subsystem = (await attributeOf(port, `${dir}/subsysnqn`)) ?? '';
  const cntlid = Number(await attributeOf(port, `${dir}/cntlid`));
  const { target } = await port.call('link.read', { path: `${dir}/device`, resolve: true });
  const match = FUNCTION.exec(target);
  if (match === null || !Number.isInteger(cntlid)) {
    throw errors.fail('LMP-221', {
      message: `${controller} is at ${target} with controller id ${cntlid}: expected a PCI function and a number`,
      where: `${dir}/device`,
    });
  }
  return { subsystem, cntlid, bus: match[1] ?? '', devfn: match[2] ?? '' };
};

/**
 * Finds the place of each controller. Device names and probe order say nothing, but the
 * controller id does: a subsystem hands them out in the order in which the machine names
 * its controllers. Of several subsystems each counts for itself.
 * @throws LMP-221 not as many live controllers as the topology has
 */
export const locateSlots = async (port: GuestPort, topology: NvmeTopology): Promise<ReadonlyMap<string, PciSlot>> => {
  const count = topology.controllers.length;
  // Behind a root port that an earlier user of this guest has emptied, nothing is found without it.
  await port.call('file.write', { path: '/sys/bus/pci/rescan', data: '1' }, { deadlineMs: ATTACH_MS });
  try {
    await port.call('wait.until', {
      all: [
        { path: '/sys/class/nvme/nvme*', is: 'count', count },
        { path: '/sys/class/nvme/nvme*/state', is: 'content', equals: 'live' },
      ],
      deadlineMs: ATTACH_MS,
    });
  } catch (cause) {
    throw errors.fail('LMP-221', {
      message: `expected ${count} live controllers, found ${(await namesIn(port, '/sys/class/nvme')).join(' ') || 'none'}`,
      where: '/sys/class/nvme',
      todo: "look at the guest's console for the reason that the nvme driver gives",
      cause,
    });
  }
  const names = (await namesIn(port, '/sys/class/nvme')).filter((name) => parseControllerName(name) !== undefined);
  const places = await Promise.all(names.map((name) => found(port, name)));
  places.sort((a, b) => a.cntlid - b.cntlid);
  const slots = new Map<string, PciSlot>();
  const isOne = subsystemsOf(topology).length === 1;
  for (const { label, subsystem } of topology.controllers) {
    const nqn = subsystemNqn(topology, subsystem);
    const index = places.findIndex((place) => isOne || place.subsystem === nqn);
    const [place] = index < 0 ? [] : places.splice(index, 1);
    if (place === undefined) throw errors.fail('LMP-221', { message: `no controller of ${nqn} is left for ${label}` });
    slots.set(label, new PciSlot(label, place.bus, `${place.bus}:${place.devfn}`));
  }
  return slots;
};
