// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { readRecordOf } from '../reads.js';
import { labelRemaps } from '../trace/devices.js';
import { sentRecords } from '../trace/sent-records.js';
import type { NvmeGuestWorld } from '../world.js';

/** Controllers to which the head sent the bios of a read, one entry each time, in time order. */
export const guestPathsOf = async (world: NvmeGuestWorld, label: string): Promise<Json> => {
  const { sectors } = readRecordOf(world, label);
  return labelRemaps(await sentRecords(world))
    .filter(({ sector }) => sectors.includes(sector))
    .map((remap) => remap.label ?? remap.to);
};
