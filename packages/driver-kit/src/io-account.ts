// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_sectors,
  currentMachine,
  HZ,
  REQ_OP_MASK,
  REQ_OP_READ,
  type bio,
  type gendisk,
} from '@libmultipath/kernel';

/** What `/sys/block/DISK/stat` has of one disk, as far as it is counted here. Sectors are of 512 bytes. */
export interface DiskStats {
  readonly reads: number;
  readonly sectorsRead: number;
  readonly writes: number;
  readonly sectorsWritten: number;
  /** Sum of the times of all that has ended. */
  readonly timeMs: number;
  /** Begun and not ended. */
  readonly inFlight: number;
}

type Counting = { -readonly [K in keyof DiskStats]: DiskStats[K] };

const zero = (): Counting => ({ reads: 0, sectorsRead: 0, writes: 0, sectorsWritten: 0, timeMs: 0, inFlight: 0 });

/*
 * The kernel counts per CPU and without order, and nothing in it decides by these numbers: so counting is no step, and
 * no part of a state that the checker compares. Whoever looks does so where a run has come to rest.
 */
const stats = new WeakMap<gendisk, Counting>();

const countingOf = (disk: gendisk): Counting => {
  const found = stats.get(disk) ?? zero();
  stats.set(disk, found);
  return found;
};

/** A copy of what a disk has counted. Pure. */
export const disk_stats = (disk: gendisk): DiskStats => ({ ...(stats.get(disk) ?? zero()) });

/**
 * For a disk whose bios another one carries out, as a multipath head's.
 * Kernel: bdev_start_io_acct(), with `part0`. Context: any.
 * @returns the time, in jiffies, for {@link bdev_end_io_acct}
 */
export const bdev_start_io_acct = (disk: gendisk): number => {
  countingOf(disk).inFlight++;
  return currentMachine().clock.jiffies;
};

/**
 * Kernel: bdev_end_io_acct(), with `part0`. Context: any.
 * @param what the bio, as it was sent
 * @param startJiffies what {@link bdev_start_io_acct} gave
 */
export const bdev_end_io_acct = (disk: gendisk, what: bio, startJiffies: number): void => {
  const counting = countingOf(disk);
  const isRead = (what.bi_opf & REQ_OP_MASK) === REQ_OP_READ;
  counting.inFlight--;
  counting.timeMs += ((currentMachine().clock.jiffies - startJiffies) * 1_000) / HZ;
  counting[isRead ? 'reads' : 'writes']++;
  counting[isRead ? 'sectorsRead' : 'sectorsWritten'] += bio_sectors(what);
};
