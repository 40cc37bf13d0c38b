// SPDX-License-Identifier: GPL-2.0-only
import { contentOf, type GuestPort, namesIn } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { ScsiTopology } from '../../topology.js';
import { serialOf } from '../../vocabulary/names.js';
import { ATTACH_MS } from '../deadlines.js';
import type { Nexus } from '../world.js';
import type { GuestArray } from './array.js';

const DEVICES = '/sys/class/scsi_device';
const HOSTS = '/sys/class/scsi_host';
const HEADER = 4;

/** Unit serial number of a device, from its page 0x80; undefined: it has none. */
const serialAt = async (port: GuestPort, address: string): Promise<string | undefined> =>
  (await contentOf(port, `${DEVICES}/${address}/device/vpd_pg80`))?.slice(HEADER).trim();

/**
 * Lets every host look where a disk can be. All targets at once (`- - -`) would be 256 questions a host, seconds
 * each host on an emulated processor.
 */
const scanAll = async (port: GuestPort, { paths }: ScsiTopology): Promise<void> => {
  const places = new Set(paths.map(({ id, lun }) => `0 ${String(id)} ${String(lun)}`));
  for (const host of await namesIn(port, HOSTS)) {
    for (const data of places) {
      await port.call('file.write', { path: `${HOSTS}/${host}/scan`, data }, { deadlineMs: ATTACH_MS });
    }
  }
};

/** @throws LMP-261 a path of the topology is not there */
const locate = async (port: GuestPort, topology: ScsiTopology): Promise<ReadonlyMap<string, Nexus>> => {
  await scanAll(port, topology);
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
      const [host, ...place] = address.split(':');
      return [label, { label, address, host: Number(host), scan: place.join(' ') }];
    }),
  );
};

/** Disks of QEMU are where the machine has put them; their serial numbers tell which is which. */
export const qemuArray = (): GuestArray => {
  let located: ReadonlyMap<string, Nexus> | undefined;
  return { prepare: async (port, topology) => (located ??= await locate(port, topology)) };
};
