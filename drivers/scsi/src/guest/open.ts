// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type GuestPort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { ScsiTopology } from '../topology.js';
import type { GuestArray } from './arrays/array.js';
import { lioArray } from './arrays/lio.js';
import { qemuArray } from './arrays/qemu.js';
import { scsiDebugArray } from './arrays/scsi-debug.js';
import { resetGuest } from './reset.js';
import { newSession, type ScsiGuestWorld } from './world.js';

const arrayOf = ({ array }: ScsiTopology): GuestArray => {
  switch (array) {
    case 'scsi_debug':
      return scsiDebugArray();
    case 'lio':
      return lioArray();
    default:
      return qemuArray();
  }
};

const SCAN = '/sys/module/scsi_mod/parameters/scan';

/** A machine whose hosts look for devices by themselves has them at times nobody chose. @throws LMP-261 */
const checkScan = async (port: GuestPort): Promise<void> => {
  const scan = await attributeOf(port, SCAN);
  if (scan === 'manual') return;
  throw errors.fail('LMP-261', {
    message: `expected manual, found ${scan}`,
    where: SCAN,
    todo: 'boot with scsi_mod.scan=manual, as the topology asks',
  });
};

/**
 * First contact with a booted guest: each path has its place, and none is attached.
 * @throws LMP-261 the guest is not as it should be
 */
export const openGuest = async (port: GuestPort, topology: ScsiTopology): Promise<ScsiGuestWorld> => {
  await checkScan(port);
  const array = arrayOf(topology);
  const world: ScsiGuestWorld = { port, topology, array, nexuses: new Map(), session: newSession(topology) };
  await resetGuest(world);
  return world;
};
