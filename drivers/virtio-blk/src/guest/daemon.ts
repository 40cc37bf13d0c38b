// SPDX-License-Identifier: GPL-2.0-only
import { createDevice, messageDevice, reloadDevice } from './dm-device.js';
import { multipathParams } from './multipath-table.js';
import { trace } from './trace.js';
import type { Disk, VirtioGuestWorld } from './world.js';

/*
 * The small multipathd: what user space does when disks come and go. The model's is oracle/multipath.ts, and
 * the two do the same at the same places.
 */

const TIMEOUT = '/sys/module/dm_multipath/parameters/queue_if_no_path_timeout_secs';

/** A table of the disks that are there takes the place of the one before. @throws LMP-298 */
export const loadTable = async ({ port, session }: VirtioGuestWorld): Promise<void> => {
  const { disks, policy, delaySecs } = session;
  const [first] = disks;
  if (first === undefined) return;
  const devices = disks.map(({ device }) => device);
  const table = { sectors: first.sectors, params: multipathParams(devices, policy, delaySecs > 0) };
  if (session.head === undefined) session.head = await createDevice(port, table);
  else await reloadDevice(port, table);
};

/** A disk has come. @throws LMP-298 */
export const diskCame = async (world: VirtioGuestWorld, disk: Disk): Promise<void> => {
  const { session } = world;
  session.disks.push(disk);
  session.labels.set(disk.device, disk.label);
  await loadTable(world);
  if (session.isOrphan) await trace.markReturned(world.port);
  session.isOrphan = false;
};

/** A disk has gone: its path fails, as multipathd's checker would find. @throws LMP-298 */
export const diskWent = async ({ port, session }: VirtioGuestWorld, disk: Disk): Promise<void> => {
  session.disks.splice(session.disks.indexOf(disk), 1);
  session.isOrphan = session.disks.length === 0;
  await messageDevice(port, `fail_path ${disk.device}`);
};

/** Seconds that bios wait without a path; 0: they fail. @throws LMP-298 */
export const setDelay = async ({ port, session }: VirtioGuestWorld, seconds: number): Promise<void> => {
  session.delaySecs = seconds;
  await port.call('file.write', { path: TIMEOUT, data: String(seconds) });
  await messageDevice(port, seconds > 0 ? 'queue_if_no_path' : 'fail_if_no_path');
};
