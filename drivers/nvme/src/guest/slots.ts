// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { ATTACH_MS } from './deadlines.js';
import { attributeOf, namesIn } from './files.js';
import { parseControllerName } from './names.js';

/** Where a controller sits, whatever the kernel calls it at the moment. */
export interface Slot {
  readonly label: string;
  /** PCI function of the controller, `0000:01:00.0`. */
  readonly functionAddress: string;
  /** Bus behind its root port, `0000:01`: a rescan of it finds this controller and no other. */
  readonly bus: string;
}

const FUNCTION = /\/([0-9a-f]{4}:[0-9a-f]{2}):([0-9a-f]{2}\.[0-7])$/;

/** Directory of the controller's device; holds `remove`, and `nvme/nvmeC` once it is probed. */
export const functionDir = (slot: Slot): string => `/sys/bus/pci/devices/${slot.functionAddress}`;

const found = async (port: GuestPort, controller: string): Promise<{ cntlid: number; bus: string; devfn: string }> => {
  const dir = `/sys/class/nvme/${controller}`;
  const cntlid = Number(await attributeOf(port, `${dir}/cntlid`));
  const { target } = await port.call('link.read', { path: `${dir}/device`, resolve: true });
  const match = FUNCTION.exec(target);
  if (match === null || !Number.isInteger(cntlid)) {
    throw errors.fail('LMP-221', {
      message: `${controller} is at ${target} with controller id ${cntlid}: expected a PCI function and a number`,
      where: `${dir}/device`,
    });
  }
  return { cntlid, bus: match[1] ?? '', devfn: match[2] ?? '' };
};

/**
 * Finds the place of each controller. Device names and probe order say nothing, but the
 * controller id does: a subsystem hands them out in the order in which the machine names
 * its controllers.
 * @throws LMP-221 not as many live controllers as `labels`
 */
export const locateSlots = async (port: GuestPort, labels: readonly string[]): Promise<ReadonlyMap<string, Slot>> => {
  // Behind a root port that an earlier user of this guest has emptied, nothing is found without it.
  await port.call('file.write', { path: '/sys/bus/pci/rescan', data: '1' }, { deadlineMs: ATTACH_MS });
  try {
    await port.call('wait.until', {
      all: [
        { path: '/sys/class/nvme/nvme*', is: 'count', count: labels.length },
        { path: '/sys/class/nvme/nvme*/state', is: 'content', equals: 'live' },
      ],
      deadlineMs: ATTACH_MS,
    });
  } catch (cause) {
    throw errors.fail('LMP-221', {
      message: `expected ${labels.length} live controllers, found ${(await namesIn(port, '/sys/class/nvme')).join(' ') || 'none'}`,
      where: '/sys/class/nvme',
      todo: "look at the guest's console for the reason that the nvme driver gives",
      cause,
    });
  }
  const names = (await namesIn(port, '/sys/class/nvme')).filter((name) => parseControllerName(name) !== undefined);
  const places = await Promise.all(names.map((name) => found(port, name)));
  places.sort((a, b) => a.cntlid - b.cntlid);
  const slots = new Map<string, Slot>();
  for (const [index, label] of labels.entries()) {
    const place = places[index];
    if (place !== undefined)
      slots.set(label, { label, bus: place.bus, functionAddress: `${place.bus}:${place.devfn}` });
  }
  return slots;
};

/** @throws LMP-231 */
export const slotOf = (slots: ReadonlyMap<string, Slot>, label: string): Slot => {
  const slot = slots.get(label);
  if (slot === undefined) {
    throw errors.fail('LMP-231', {
      message: `no controller is called ${label}; there are ${[...slots.keys()].join(', ')}`,
    });
  }
  return slot;
};
