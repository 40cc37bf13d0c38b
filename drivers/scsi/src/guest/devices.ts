// SPDX-License-Identifier: GPL-2.0-only
import { namesIn } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { ATTACH_MS, DETACH_MS } from './deadlines.js';
import { deviceDir, type Nexus, type ScsiGuestWorld } from './world.js';

const why = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/**
 * Lets the host look at the path's address, and waits until sd has its disk.
 * @throws LMP-263
 */
export const scanPath = async (world: ScsiGuestWorld, nexus: Nexus): Promise<void> => {
  const [, channel, id, lun] = nexus.address.split(':');
  const path = `/sys/class/scsi_host/host${String(nexus.host)}/scan`;
  const data = `${channel ?? '0'} ${id ?? '0'} ${lun ?? '0'}`;
  try {
    await world.port.call('file.write', { path, data }, { deadlineMs: ATTACH_MS });
    await world.port.call('wait.until', {
      all: [{ path: `${deviceDir(nexus)}/block/*`, is: 'present' }],
      deadlineMs: ATTACH_MS,
    });
  } catch (cause) {
    throw errors.fail('LMP-263', { message: `${nexus.label} did not come: ${why(cause)}`, where: path, cause });
  }
  world.session.attached.add(nexus.label);
};

/**
 * Deletes the path's device; returns when it is gone.
 * @throws LMP-263
 */
export const deletePath = async (world: ScsiGuestWorld, nexus: Nexus): Promise<void> => {
  const path = `${deviceDir(nexus)}/delete`;
  try {
    await world.port.call('file.write', { path, data: '1' }, { deadlineMs: DETACH_MS });
    await world.port.call('wait.until', { all: [{ path: deviceDir(nexus), is: 'absent' }], deadlineMs: DETACH_MS });
  } catch (cause) {
    throw errors.fail('LMP-263', { message: `${nexus.label} did not go: ${why(cause)}`, where: path, cause });
  }
  world.session.attached.delete(nexus.label);
};

/** Name of the path's disk; undefined: sd has none. */
export const diskOf = async (world: ScsiGuestWorld, nexus: Nexus): Promise<string | undefined> =>
  (await namesIn(world.port, `${deviceDir(nexus)}/block`))[0];
