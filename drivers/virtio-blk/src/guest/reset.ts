// SPDX-License-Identifier: GPL-2.0-only
import { namesIn, unless } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { setDelay } from './daemon.js';
import { TRANSFER_MS } from './deadlines.js';
import { unplug } from './disks.js';
import { removeDevice } from './dm-device.js';
import { functionDir } from './slots.js';
import { trace } from './trace.js';
import { newSession, type VirtioGuestWorld } from './world.js';

/** Ends what the last scenario has started: from here on nothing waits for a path. */
const endSession = async (world: VirtioGuestWorld): Promise<void> => {
  const { port, session } = world;
  if (session.head !== undefined) await setDelay(world, 0);
  for (const { load } of session.loads.values()) {
    if (load !== undefined) await unless(port.call('load.stop', { load, deadlineMs: TRANSFER_MS }), 'ESRCH');
  }
  for (const { pending } of session.reads.values()) {
    if (pending === undefined) continue;
    await unless(port.call('io.wait', { job: pending.job, deadlineMs: TRANSFER_MS }), 'ESRCH');
    await port.call('close', { fd: pending.fd });
  }
  if (session.head !== undefined) await removeDevice(port);
  world.session = newSession();
};

/**
 * Brings the guest to where every scenario begins: no multipath device, no disk, an empty trace.
 * @throws LMP-296 something is left; the message names it
 */
export const resetGuest = async (world: VirtioGuestWorld): Promise<void> => {
  const { port } = world;
  await endSession(world);
  for (const slot of world.slots.values()) {
    const { kind } = await port.call('file.stat', { path: functionDir(slot) });
    if (kind !== 'absent') await unplug(world, slot);
  }
  const left = (await namesIn(port, '/sys/block')).filter((name) => /^(vd|dm-)/.test(name));
  if (left.length > 0) {
    throw errors.fail('LMP-296', { message: `after the reset there is still ${left.join(', ')}`, where: '/sys/block' });
  }
  await trace.clear(port);
};
