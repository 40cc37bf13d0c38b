// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, namesIn, unless } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { attachControllers, attachedLabels, detachController } from './controllers.js';
import { DETACH_MS, TRANSFER_MS } from './deadlines.js';
import { findHead } from './disks.js';
import { putAllBack } from './plugging.js';
import { configureTarget, restoreTarget } from './target/configure.js';
import { setDisk } from './target/disk.js';
import { SUBMITTED } from './trace/probes.js';
import { loadTransport } from './transport-module.js';
import { newSession, type NvmeGuestWorld } from './world.js';

const EMPTY = ['/sys/class/nvme', '/sys/class/nvme-subsystem', '/sys/class/nvme-generic'] as const;
const PARAMETERS = '/sys/module/nvme_core/parameters';
/** What a scenario may have changed of the module. */
const DEFAULTS = [
  [`${PARAMETERS}/iopolicy`, 'numa'],
  [`${PARAMETERS}/max_retries`, '5'],
] as const;

/**
 * A head that outlives its paths goes at once only while it has a path: neither a pending
 * removal nor its delay can be shortened otherwise.
 */
const endDelayedRemoval = async (world: NvmeGuestWorld): Promise<void> => {
  const head = await findHead(world);
  if (head === undefined) return;
  const delay = await attributeOf(world.port, `${head.dir}/delayed_removal_secs`);
  if (delay === undefined || delay === '0') return;
  const [first] = world.slots.keys();
  if ((await attachedLabels(world)).length === 0 && first !== undefined) {
    if (world.topology.transport === 'tcp') await restoreTarget(world.port, world.topology);
    await attachControllers(world, [first]);
  }
  // The head that is there may have gone before the path came, and this be a new one.
  const live = await findHead(world);
  if (live !== undefined) await world.port.call('file.write', { path: `${live.dir}/delayed_removal_secs`, data: '0' });
};

/** Ends what the last scenario has started. Nothing is attached any more, so every transfer ends. */
const endSession = async (world: NvmeGuestWorld): Promise<void> => {
  const { reads, loads, holds } = world.session;
  const { port } = world;
  for (const { load } of loads.values()) {
    if (load !== undefined) await unless(port.call('load.stop', { load, deadlineMs: TRANSFER_MS }), 'ESRCH');
  }
  for (const { pending } of reads.values()) {
    if (pending === undefined) continue;
    await unless(port.call('io.wait', { job: pending.job, deadlineMs: TRANSFER_MS }), 'ESRCH');
    await port.call('close', { fd: pending.fd });
  }
  for (const fd of holds.values()) await port.call('close', { fd });
  world.session = newSession();
};

const left = async (world: NvmeGuestWorld): Promise<readonly string[]> => {
  const names = await Promise.all(
    EMPTY.map(async (dir) => (await namesIn(world.port, dir)).map((name) => `${dir}/${name}`)),
  );
  const disks = (await namesIn(world.port, '/sys/block')).filter((name) => name.startsWith('nvme'));
  return [...names.flat(), ...disks.map((name) => `/sys/block/${name}`)];
};

/** As {@link cleanGuest}, and with the controllers that the topology wants to be there. @throws LMP-224, LMP-226 */
export const resetGuest = async (world: NvmeGuestWorld): Promise<void> => {
  await cleanGuest(world);
  for (const label of world.topology.attached ?? []) await attachControllers(world, [label]);
};

/**
 * Brings the guest to where every scenario begins: every controller detached, no head, no
 * subsystem, nothing held, the default policy, an empty trace.
 * @throws LMP-226 something is left; the message names it
 */
export const cleanGuest = async (world: NvmeGuestWorld): Promise<void> => {
  await putAllBack(world.port, world.topology);
  // The machine may have had the target of another topology since.
  if (world.topology.transport === 'tcp') {
    await loadTransport(world.port);
    await configureTarget(world.port, world.topology);
  }
  // What is kept would hold a removal up.
  for (const { nsid, sizeMiB, mapped } of world.topology.namespaces) {
    if (mapped === true) await setDisk(world.port, nsid, world.session.sizesMiB.get(nsid) ?? sizeMiB, 'serving');
  }
  await endDelayedRemoval(world);
  for (const label of await attachedLabels(world)) await detachController(world, label);
  await endSession(world);
  await unless(
    world.port.call('wait.until', {
      all: [...EMPTY.map((dir) => `${dir}/*`), '/sys/block/nvme*'].map((path) => ({ path, is: 'absent' as const })),
      deadlineMs: DETACH_MS,
    }),
    'ETIMEDOUT',
  );
  if (world.topology.transport === 'tcp') await restoreTarget(world.port, world.topology);
  const rest = await left(world);
  if (rest.length > 0) {
    throw errors.fail('LMP-226', {
      message: `after the reset there is still ${rest.join(', ')}`,
      where: 'guest',
      todo: 'boot the guest again; if it comes back, look at what holds the device',
    });
  }
  for (const [path, data] of DEFAULTS) {
    if ((await attributeOf(world.port, path)) !== data) await world.port.call('file.write', { path, data });
  }
  await world.trace.enable(SUBMITTED, false);
  await world.trace.clear();
};
