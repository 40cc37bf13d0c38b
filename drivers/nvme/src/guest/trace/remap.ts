// SPDX-License-Identifier: GPL-2.0-only
import { parseBioRemap, type DeviceNumber } from '@libmultipath/driver-kit';
import type { TraceRecord } from './record.js';

/** `block_bio_remap`: a bio goes from one device to another. */
export interface Remap {
  /** `major:minor` of where it goes. */
  readonly to: string;
  /** `major:minor` of where it came from, as the kernel says it. */
  readonly from: string;
  /** First sector, as the sender counts. */
  readonly sector: number;
  readonly isWrite: boolean;
}

const numberOf = ({ major, minor }: DeviceNumber): string => `${major}:${minor}`;

/** `undefined`: the record is of another event. */
export const remapOf = (record: TraceRecord): Remap | undefined => {
  const remap = parseBioRemap(record);
  if (remap === undefined) return undefined;
  const { to, from, fromSector, rwbs } = remap;
  return { to: numberOf(to), from: numberOf(from), sector: fromSector, isWrite: rwbs.includes('W') };
};
