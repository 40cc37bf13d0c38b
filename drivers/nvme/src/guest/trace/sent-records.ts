// SPDX-License-Identifier: GPL-2.0-only
import { deviceNumbers } from '../disks.js';
import { diskOf } from '../target/disk.js';
import type { NvmeGuestWorld } from '../world.js';
import type { TraceRecord } from './record.js';
import { remapOf } from './remap.js';

/** The trace without what the device mapper sends to the disk below a mapped namespace: that is the target's affair. */
export const sentRecords = async (world: NvmeGuestWorld): Promise<readonly TraceRecord[]> => {
  const records = await world.trace.read();
  const mapped = world.topology.namespaces.filter((each) => each.mapped === true);
  if (mapped.length === 0) return records;
  const numbers = await deviceNumbers(world);
  const below = new Set(mapped.map(({ nsid }) => numbers.get(diskOf(nsid))));
  return records.filter((record) => !below.has(remapOf(record)?.to ?? ''));
};
