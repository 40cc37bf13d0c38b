// SPDX-License-Identifier: GPL-2.0-only
import { setTimeout as pause } from 'node:timers/promises';
import { namesIn } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { ATTACH_MS, DETACH_MS, POLL_MS } from './deadlines.js';
import { deviceDir, type Nexus, type ScsiGuestWorld } from './world.js';

const why = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Address of the device whose disk an uevent announces. */
const ANNOUNCED = /\/(\d+:\d+:\d+:\d+)\/block\/[^/]+$/;

/** Looks at the uevents that have come since. */
const takeAnnounced = async ({ port, session }: ScsiGuestWorld): Promise<void> => {
  const { events } = await port.call('uevent.take', {});
  for (const { ACTION, DEVPATH } of events) {
    const [, address] = ACTION === 'add' ? (ANNOUNCED.exec(DEVPATH ?? '') ?? []) : [];
    if (address !== undefined) session.announced.add(address);
  }
};

/**
 * A disk is announced when its partitions were looked for: before that the kernel still reads it.
 * @throws LMP-263 it is not
 */
const awaitAnnounced = async (world: ScsiGuestWorld, { label, address }: Nexus): Promise<void> => {
  const end = performance.now() + ATTACH_MS;
  for (;;) {
    await takeAnnounced(world);
    if (world.session.announced.has(address)) return;
    if (performance.now() >= end) {
      throw errors.fail('LMP-263', { message: `${label}: its disk was not announced`, where: address });
    }
    await pause(POLL_MS);
  }
};

/** What was announced of these so far is no news. */
export const forgetAnnounced = async (world: ScsiGuestWorld, nexuses: readonly Nexus[]): Promise<void> => {
  await takeAnnounced(world);
  for (const { address } of nexuses) world.session.announced.delete(address);
};

/** Waits until sd has the path's disk, and its partitions were looked for. @throws LMP-263, GuestErrno */
export const awaitDisk = async (world: ScsiGuestWorld, nexus: Nexus): Promise<void> => {
  const path = `${deviceDir(nexus)}/block/*`;
  await world.port.call('wait.until', { all: [{ path, is: 'present' }], deadlineMs: ATTACH_MS });
  await awaitAnnounced(world, nexus);
};

/**
 * Lets the host look at the path's address, and waits until sd has its disk.
 * @throws LMP-263
 */
export const scanPath = async (world: ScsiGuestWorld, nexus: Nexus): Promise<void> => {
  const path = `/sys/class/scsi_host/host${String(nexus.host)}/scan`;
  await forgetAnnounced(world, [nexus]);
  try {
    await world.port.call('file.write', { path, data: nexus.scan }, { deadlineMs: ATTACH_MS });
    await awaitDisk(world, nexus);
  } catch (cause) {
    throw errors.fail('LMP-263', { message: `${nexus.label} did not come: ${why(cause)}`, where: path, cause });
  }
  world.session.attached.add(nexus.label);
};

/** Waits until nothing of the path's device is left. @throws LMP-263 */
export const awaitGone = async ({ port, session }: ScsiGuestWorld, nexus: Nexus): Promise<void> => {
  const path = deviceDir(nexus);
  try {
    await port.call('wait.until', { all: [{ path, is: 'absent' }], deadlineMs: DETACH_MS });
  } catch (cause) {
    throw errors.fail('LMP-263', { message: `${nexus.label} did not go: ${why(cause)}`, where: path, cause });
  }
  session.attached.delete(nexus.label);
};

/**
 * Deletes the path's device; returns when it is gone.
 * @throws LMP-263
 */
export const deletePath = async (world: ScsiGuestWorld, nexus: Nexus): Promise<void> => {
  const path = `${deviceDir(nexus)}/delete`;
  try {
    await world.port.call('file.write', { path, data: '1' }, { deadlineMs: DETACH_MS });
  } catch (cause) {
    throw errors.fail('LMP-263', { message: `${nexus.label} did not go: ${why(cause)}`, where: path, cause });
  }
  await awaitGone(world, nexus);
};

/** Name of the path's disk; undefined: sd has none. */
export const diskOf = async (world: ScsiGuestWorld, nexus: Nexus): Promise<string | undefined> =>
  (await namesIn(world.port, `${deviceDir(nexus)}/block`))[0];
