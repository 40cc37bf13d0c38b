// SPDX-License-Identifier: GPL-2.0-only
import { type GuestPort, namesIn, unless } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { DETACH_MS, TRANSFER_MS, WINDOW_MS } from './deadlines.js';
import { removeHead, resumeHead, setDelay } from './over-dm.js';
import { pushIn } from './plugging.js';
import { loadSd } from './sd-module.js';
import { trace } from './trace.js';
import { firstReadSector } from './words/read.js';
import { newSession, type ScsiGuestWorld } from './world.js';

const DEVICES = '/sys/bus/scsi/devices';
const CLASS = '/sys/class/scsi_device';
const isAddress = (name: string): boolean => /^\d+:\d+:\d+:\d+$/.test(name);

/** Deletes every device of the guest. @throws LMP-261 one does not go */
const deleteAll = async ({ port }: ScsiGuestWorld): Promise<void> => {
  const all = (await namesIn(port, CLASS)).filter(isAddress);
  for (const address of all) {
    const path = `${DEVICES}/${address}/delete`;
    await unless(port.call('file.write', { path, data: '1' }, { deadlineMs: DETACH_MS }), 'ENOENT', 'ENODEV');
  }
  try {
    const gone = all.map((address) => ({ path: `${DEVICES}/${address}`, is: 'absent' }) as const);
    await port.call('wait.until', { all: gone, deadlineMs: DETACH_MS }, { deadlineMs: 2 * DETACH_MS });
  } catch (cause) {
    throw errors.fail('LMP-261', { message: `a device does not go: ${String(cause)}`, where: DEVICES, cause });
  }
};

/** The world that was last used on a machine. */
const used = new WeakMap<GuestPort, ScsiGuestWorld>();

/** Ends what the last scenario has started: from here on nothing waits for a path. @throws LMP-263 */
const endSession = async (world: ScsiGuestWorld): Promise<void> => {
  const { port, session } = world;
  if (session.dm?.isSuspended === true) await resumeHead(world);
  if (session.dm?.head !== undefined) await setDelay(world, 0);
  for (const { pending } of session.reads.values()) {
    if (pending === undefined) continue;
    await unless(port.call('io.wait', { job: pending.job, deadlineMs: TRANSFER_MS }), 'ESRCH');
    await port.call('close', { fd: pending.fd });
  }
  for (const { load } of session.loads.values()) {
    if (load !== undefined) await unless(port.call('load.stop', { load, deadlineMs: WINDOW_MS }), 'ESRCH');
  }
  for (const fd of session.holds.values()) await port.call('close', { fd });
  if (session.dm?.head !== undefined) await removeHead(port);
  for (const label of session.pulledOut) await pushIn(world, label);
  world.session = newSession(world.topology);
};

/**
 * Brings the guest to where every scenario begins, whatever the one before left: the array as the topology
 * describes it, and no path attached.
 * @throws LMP-261
 */
export const resetGuest = async (world: ScsiGuestWorld): Promise<void> => {
  // Another topology of this machine may have been used last: what it has started is ended first.
  await endSession(used.get(world.port) ?? world);
  used.set(world.port, world);
  await loadSd(world.port);
  await deleteAll(world);
  world.nexuses = await world.array.prepare(world.port, world.topology);
  await deleteAll(world);
  if (world.topology.over === 'dm') await trace.open(world.port, firstReadSector(world));
  world.session = newSession(world.topology);
};
