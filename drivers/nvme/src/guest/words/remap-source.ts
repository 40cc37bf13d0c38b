// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { deviceNumbers, findHead } from '../disks.js';
import { readRecordOf } from '../reads.js';
import { labelRemaps } from '../trace/devices.js';
import { sentRecords } from '../trace/sent-records.js';
import type { NvmeGuestWorld } from '../world.js';

/** Which device the remap records of a read name as the old one: `head`, `path`; `none` without a record. */
export const guestRemapSource = async (world: NvmeGuestWorld, label: string): Promise<Json> => {
  const { sectors } = readRecordOf(world, label);
  const remaps = labelRemaps(await sentRecords(world)).filter(({ sector }) => sectors.includes(sector));
  const head = await findHead(world);
  const headNumber = head === undefined ? undefined : (await deviceNumbers(world)).get(head.name);
  const sources = new Set(remaps.map(({ from, to }) => (from === headNumber ? 'head' : from === to ? 'path' : from)));
  const [only] = sources;
  return sources.size > 1 ? [...sources].sort() : (only ?? 'none');
};
