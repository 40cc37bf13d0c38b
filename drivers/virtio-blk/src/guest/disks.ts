// SPDX-License-Identifier: GPL-2.0-only
import { setTimeout as pause } from 'node:timers/promises';
import { attributeOf, type Json, namesIn, unless } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { diskCame, diskWent } from './daemon.js';
import { DISK_MS, POLL_MS } from './deadlines.js';
import { functionDir, slotOf } from './slots.js';
import type { Disk, Slot, VirtioGuestWorld } from './world.js';

const SECTORS_PER_MIB = 2_048;

const failed = (message: string, where: string, cause: unknown) =>
  errors.fail('LMP-295', {
    message: `${message}: ${cause instanceof Error ? cause.message : String(cause)}`,
    where,
    cause,
  });

/** Name of the disk of a PCI function, or undefined. */
const nameAt = async ({ port }: VirtioGuestWorld, slot: Slot): Promise<string | undefined> => {
  const dir = functionDir(slot);
  const virtio = (await namesIn(port, dir)).find((name) => /^virtio\d+$/.test(name));
  return virtio === undefined ? undefined : (await namesIn(port, `${dir}/${virtio}/block`))[0];
};

/** The directory is there before the disk can be opened; nothing tells when it can. @throws LMP-295 */
const canBeOpened = async ({ port }: VirtioGuestWorld, name: string): Promise<void> => {
  const end = performance.now() + DISK_MS;
  for (;;) {
    const opened = await unless(port.call('open', { path: `/dev/${name}`, flags: ['RDONLY'] }), 'ENOENT', 'ENXIO');
    if (opened !== undefined) {
      await port.call('close', opened);
      return;
    }
    if (performance.now() >= end) throw failed(`${name} cannot be opened`, `/dev/${name}`, 'ENXIO');
    await pause(POLL_MS);
  }
};

/** The bus behind the disk's own root port is scanned; then the disk is there, and a path. @throws LMP-295, LMP-298 */
export const guestAttach = async (world: VirtioGuestWorld, label: string): Promise<void> => {
  const { port } = world;
  const slot = slotOf(world.slots, label);
  const path = `${functionDir(slot)}/virtio*/block/vd*`;
  const rescan = `/sys/class/pci_bus/${slot.bus}/rescan`;
  await port.call('file.write', { path: rescan, data: '1' }, { deadlineMs: DISK_MS });
  try {
    await port.call('wait.until', { all: [{ path, is: 'present' }], deadlineMs: DISK_MS });
  } catch (cause) {
    throw failed(`${label} did not come`, path, cause);
  }
  const name = (await nameAt(world, slot)) ?? '';
  await canBeOpened(world, name);
  const device = (await attributeOf(port, `/sys/block/${name}/dev`)) ?? '';
  const sectors = Number(await attributeOf(port, `/sys/block/${name}/size`));
  await diskCame(world, { label, name, device, sectors });
};

/** The kernel lets the function go. @throws LMP-295 */
export const unplug = async ({ port }: VirtioGuestWorld, slot: Slot): Promise<void> => {
  const dir = functionDir(slot);
  try {
    await port.call('file.write', { path: `${dir}/remove`, data: '1' }, { deadlineMs: DISK_MS });
    await port.call('wait.until', { all: [{ path: dir, is: 'absent' }], deadlineMs: DISK_MS });
  } catch (cause) {
    throw failed(`${slot.label} did not go`, `${dir}/remove`, cause);
  }
};

/** @throws LMP-297 it is not attached */
export const attachedDisk = ({ session }: VirtioGuestWorld, label: string): Disk => {
  const disk = session.disks.find((one) => one.label === label);
  if (disk !== undefined) return disk;
  throw errors.fail('LMP-297', { message: `${label} is not attached` });
};

export const guestDetach = async (world: VirtioGuestWorld, label: string): Promise<void> => {
  const disk = attachedDisk(world, label);
  await unplug(world, slotOf(world.slots, label));
  await diskWent(world, disk);
};

export const guestDisks = async ({ port, topology, session }: VirtioGuestWorld): Promise<Json> => {
  const value: Record<string, Json> = {};
  for (const label of topology.disks) {
    const disk = session.disks.find((one) => one.label === label);
    if (disk === undefined) continue;
    const dir = `/sys/block/${disk.name}`;
    value[label] = {
      name: disk.name.replace(/^vd[a-z]+$/, 'vd<X>'),
      serial: (await attributeOf(port, `${dir}/serial`)) ?? null,
      sizeMiB: Number(await attributeOf(port, `${dir}/size`)) / SECTORS_PER_MIB,
    };
  }
  return value;
};

export const guestHead = async ({ port, session }: VirtioGuestWorld): Promise<Json> => {
  if (session.head === undefined) return { present: false };
  const sectors = await attributeOf(port, `/sys/block/${session.head}/size`);
  return sectors === undefined ? { present: false } : { present: true, sizeMiB: Number(sectors) / SECTORS_PER_MIB };
};
