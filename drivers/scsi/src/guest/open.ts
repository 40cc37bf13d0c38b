// SPDX-License-Identifier: GPL-2.0-only
import { contentOf, type GuestPort, namesIn } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { ScsiTopology } from '../topology.js';
import { ATTACH_MS } from './deadlines.js';
import { serialOf } from './lower.js';
import { resetGuest } from './reset.js';
import { newSession, type Nexus, type ScsiGuestWorld } from './world.js';

const DEVICES = '/sys/class/scsi_device';
const HOSTS = '/sys/class/scsi_host';
const HEADER = 4;

/** Unit serial number of a device, from its page 0x80; undefined: it has none. */
const serialAt = async (port: GuestPort, address: string): Promise<string | undefined> =>
  (await contentOf(port, `${DEVICES}/${address}/device/vpd_pg80`))?.slice(HEADER).trim();

/** Lets every host look again: an earlier user of this guest may have deleted devices. */
const scanAll = async (port: GuestPort): Promise<void> => {
  for (const host of await namesIn(port, HOSTS)) {
    await port.call('file.write', { path: `${HOSTS}/${host}/scan`, data: '- - -' }, { deadlineMs: ATTACH_MS });
  }
};

/** @throws LMP-261 a path of the topology is not there */
const locate = async (port: GuestPort, topology: ScsiTopology): Promise<ReadonlyMap<string, Nexus>> => {
  await scanAll(port);
  const found = new Map<string, string>();
  for (const address of await namesIn(port, DEVICES)) {
    const serial = await serialAt(port, address);
    if (serial !== undefined) found.set(serial, address);
  }
  return new Map(
    topology.paths.map(({ label }) => {
      const address = found.get(serialOf(label));
      if (address === undefined) {
        throw errors.fail('LMP-261', {
          message: `no device has the serial number ${serialOf(label)}; there are ${[...found.keys()].join(', ') || 'none'}`,
          where: DEVICES,
          todo: 'look at the console of the guest for what virtio_scsi and sd say',
        });
      }
      return [label, { label, address, host: Number(address.split(':', 1)[0]) }];
    }),
  );
};

/**
 * First contact with a booted guest: finds each path by its serial number, and deletes them all.
 * @throws LMP-261 the guest is not as it should be
 */
export const openGuest = async (port: GuestPort, topology: ScsiTopology): Promise<ScsiGuestWorld> => {
  const nexuses = await locate(port, topology);
  const world: ScsiGuestWorld = { port, topology, nexuses, session: newSession() };
  await resetGuest(world);
  return world;
};
