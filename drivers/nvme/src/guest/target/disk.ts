// SPDX-License-Identifier: GPL-2.0-only
import {
  dmCreate,
  dmReload,
  dmRemove,
  dmSuspend,
  type DmTable,
  type GuestPort,
  namesIn,
  unless,
} from '@libmultipath/driver-kit';
import type { NvmeNamespaceTopology } from '../../topology.js';
import type { BackendState } from '../../vocabulary/target-args.js';
import { NULLB } from './places.js';

const SECTORS_PER_MIB = 2_048;
const PREFIX = 'mpath';

/** The disk in memory behind a namespace. */
export const diskOf = (nsid: number): string => `${PREFIX}${String(nsid)}`;

/** Steps may make a mapped disk as large as this: the disk below is. */
export const memoryMiBOf = ({ sizeMiB, mapped }: NvmeNamespaceTopology): number =>
  mapped === true ? 2 * sizeMiB : sizeMiB;

const linear = (nsid: number, sizeMiB: number): DmTable => ({
  sectors: sizeMiB * SECTORS_PER_MIB,
  target: 'linear',
  params: `/dev/${diskOf(nsid)} 0`,
});

/** Makes the disk of a namespace. @returns its node in /dev */
export const makeDisk = async (port: GuestPort, namespace: NvmeNamespaceTopology): Promise<string> => {
  const { nsid, sizeMiB, mapped } = namespace;
  const dir = `${NULLB}/${diskOf(nsid)}`;
  await unless(port.call('dir.make', { path: dir }), 'EEXIST');
  const attributes = { memory_backed: '1', size: String(memoryMiBOf(namespace)), power: '1' };
  for (const [name, data] of Object.entries(attributes))
    await port.call('file.write', { path: `${dir}/${name}`, data });
  if (mapped !== true) return `/dev/${diskOf(nsid)}`;
  return `/dev/${await dmCreate(port, diskOf(nsid), linear(nsid, sizeMiB))}`;
};

/** What the disk does from now on with what it is given. The size is that of the table. */
export const setDisk = async (port: GuestPort, nsid: number, sizeMiB: number, state: BackendState): Promise<void> => {
  if (state === 'blocked') await dmSuspend(port, diskOf(nsid));
  else if (state === 'serving') await dmReload(port, diskOf(nsid), linear(nsid, sizeMiB));
  else await dmReload(port, diskOf(nsid), { sectors: sizeMiB * SECTORS_PER_MIB, target: 'error', params: '' });
};

/** Takes every disk away that was made here. */
export const removeDisks = async (port: GuestPort): Promise<void> => {
  for (const disk of await namesIn(port, NULLB)) {
    if (!disk.startsWith(PREFIX)) continue;
    await unless(dmRemove(port, disk), 'ENXIO', 'ENOENT', 'ENODEV');
    await port.call('dir.remove', { path: `${NULLB}/${disk}` });
  }
};
