// SPDX-License-Identifier: GPL-2.0-only
import { type GuestPort, namesIn } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { DISK_MS } from './deadlines.js';
import type { Slot } from './world.js';

const FUNCTION = /\/(([0-9a-f]{4}:[0-9a-f]{2}):[0-9a-f]{2}\.[0-7])\/virtio\d+$/;

/** Directory of the disk's PCI function: holds `remove`, and the disk once the driver is bound. */
export const functionDir = ({ functionAddress }: Slot): string => `/sys/bus/pci/devices/${functionAddress}`;

/**
 * Finds the place of each disk. Names say nothing, and all have one serial; but each sits behind a root port
 * of its own, and ports get their buses in the order in which the machine names them.
 * @throws LMP-294 not as many disks as `labels`
 */
export const locateSlots = async (port: GuestPort, labels: readonly string[]): Promise<ReadonlyMap<string, Slot>> => {
  // An earlier user of this guest may have removed some.
  await port.call('file.write', { path: '/sys/bus/pci/rescan', data: '1' }, { deadlineMs: DISK_MS });
  const pattern = { path: '/sys/block/vd*', is: 'count', count: labels.length } as const;
  try {
    await port.call('wait.until', { all: [pattern], deadlineMs: DISK_MS });
  } catch (cause) {
    throw errors.fail('LMP-294', {
      message: `expected ${labels.length} virtio disks, found ${(await namesIn(port, '/sys/block')).join(' ') || 'none'}`,
      where: '/sys/block',
      cause,
    });
  }
  const names = (await namesIn(port, '/sys/block')).filter((name) => name.startsWith('vd'));
  const places = await Promise.all(
    names.map(async (name) => {
      const { target } = await port.call('link.read', { path: `/sys/block/${name}/device`, resolve: true });
      const [, functionAddress = '', bus = ''] = FUNCTION.exec(target) ?? [];
      return { functionAddress, bus };
    }),
  );
  places.sort((a, b) => (a.bus < b.bus ? -1 : 1));
  return new Map(
    labels.flatMap((label, index) => {
      const place = places[index];
      return place === undefined ? [] : [[label, { label, ...place }] as const];
    }),
  );
};

/** @throws LMP-297 */
export const slotOf = (slots: ReadonlyMap<string, Slot>, label: string): Slot => {
  const slot = slots.get(label);
  if (slot !== undefined) return slot;
  throw errors.fail('LMP-297', { message: `no disk is called ${label}; there are ${[...slots.keys()].join(', ')}` });
};
