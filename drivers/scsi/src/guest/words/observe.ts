// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, GuestErrno, type Json } from '@libmultipath/driver-kit';
import type { AttributeArgs } from '../../vocabulary/args.js';
import { diskOf } from '../devices.js';
import { hexText, isData } from '../../vocabulary/names.js';
import { attachedNexuses, deviceDir, nexusOf, ownerDir, type Nexus, type ScsiGuestWorld } from '../world.js';

const SECTORS_PER_MIB = 2_048;

/** Content without its newline, an errno name, or null where there is no such file. */
const textOf = async (world: ScsiGuestWorld, path: string): Promise<string | null> => {
  const { kind } = await world.port.call('file.stat', { path });
  if (kind === 'absent') return null;
  try {
    const { data } = await world.port.call('file.read', { path });
    return isData(path.replace(/^.*\//, '')) ? hexText(data) : data.replace(/\n$/, '');
  } catch (error) {
    if (error instanceof GuestErrno) return error.errno;
    throw error;
  }
};

/** One attribute of the device of each attached path. */
export const guestOfEach =
  (attribute: string) =>
  async (world: ScsiGuestWorld): Promise<Json> => {
    const value: Record<string, Json> = {};
    for (const nexus of attachedNexuses(world)) {
      value[nexus.label] = await textOf(world, `${deviceDir(nexus)}/${attribute}`);
    }
    return value;
  };

/** Of a path's device or else of its disk; of a head there is none. */
export const guestAttribute = async (
  world: ScsiGuestWorld,
  { of, name, owner = 'device' }: AttributeArgs,
): Promise<Json> => {
  if (of === 'head') return null;
  const nexus = nexusOf(world, of);
  if (owner !== 'device') return textOf(world, `${ownerDir(nexus, owner)}/${name}`);
  const own = await textOf(world, `${deviceDir(nexus)}/${name}`);
  if (own !== null) return own;
  const disk = await diskOf(world, nexus);
  return disk === undefined ? null : textOf(world, `/sys/block/${disk}/${name}`);
};

/** No released kernel has a multipath device over SCSI; if one is there after all, that is what is seen. */
export const guestHead = async (world: ScsiGuestWorld): Promise<Json> => {
  const { dm } = world.session;
  if (dm !== undefined) {
    if (dm.head === undefined) return { present: false };
    const sectors = Number(await attributeOf(world.port, `/sys/block/${dm.head}/size`));
    return { present: true, disk: dm.head.replace(/\d+$/, '<N>'), sizeMiB: sectors / SECTORS_PER_MIB };
  }
  const { kind } = await world.port.call('file.stat', { path: '/sys/class/scsi_mpath_device' });
  return { present: kind !== 'absent' };
};

const pathOf = async (world: ScsiGuestWorld, nexus: Nexus): Promise<Json> => {
  const disk = await diskOf(world, nexus);
  if (disk === undefined) return null;
  const sectors = Number(await attributeOf(world.port, `/sys/block/${disk}/size`));
  const hidden = (await attributeOf(world.port, `/sys/block/${disk}/hidden`)) === '1';
  return { name: disk.replace(/^sd[a-z]+$/, 'sd<X>'), hidden, sizeMiB: sectors / SECTORS_PER_MIB };
};

export const guestPaths = async (world: ScsiGuestWorld): Promise<Json> => {
  const value: Record<string, Json> = {};
  for (const nexus of attachedNexuses(world)) value[nexus.label] = await pathOf(world, nexus);
  return value;
};

/** Without multipath each is alone. */
export const guestMembers = (world: ScsiGuestWorld): Promise<Json> =>
  Promise.resolve(
    attachedNexuses(world)
      .map(({ label }) => [label])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );

/** By the text of `wwid`: the kernel's own word for what a page 0x83 identifies. */
export const guestGroups = async (world: ScsiGuestWorld): Promise<Json> => {
  const groups = new Map<string, string[]>();
  for (const nexus of attachedNexuses(world)) {
    const text = await textOf(world, `${deviceDir(nexus)}/wwid`);
    const key = text === null || /^E[A-Z]+$/.test(text) ? `alone ${nexus.label}` : text;
    groups.set(key, [...(groups.get(key) ?? []), nexus.label]);
  }
  return [...groups.values()].map((part) => [...part].sort()).sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
};
