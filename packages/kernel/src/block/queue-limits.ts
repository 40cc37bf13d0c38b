// SPDX-License-Identifier: GPL-2.0-only

const UINT_MAX = 0xffffffff;
const SECTOR_SIZE = 512;

/** Kernel: struct queue_limits, as far as a bio is split by it. Sectors are of 512 bytes. */
export interface queue_limits {
  readonly max_hw_sectors: number;
  /** Sectors of one read or write. */
  readonly max_sectors: number;
  readonly max_discard_sectors: number;
  /** No bio crosses a multiple of it; 0: no such boundary. */
  readonly chunk_sectors: number;
  /** Bytes; a split is at a multiple of it. */
  readonly logical_block_size: number;
  /** Kernel: BLK_FEAT_ZONED. */
  readonly zoned: boolean;
}

/** Kernel: blk_set_stacking_limits(): nothing is ever split. */
export const stackingLimits: queue_limits = {
  max_hw_sectors: UINT_MAX,
  max_sectors: UINT_MAX,
  max_discard_sectors: UINT_MAX,
  chunk_sectors: 0,
  logical_block_size: SECTOR_SIZE,
  zoned: false,
};

/** A queue's limits: those given, the rest without bound. `max_sectors` never exceeds the hardware's. */
export const queueLimits = (given: Partial<queue_limits>): queue_limits => {
  const limits = { ...stackingLimits, ...given };
  return { ...limits, max_sectors: Math.min(limits.max_sectors, limits.max_hw_sectors) };
};

/** Kernel: blk_validate_limits(). Pure. */
export const areValidLimits = ({ max_sectors, logical_block_size }: queue_limits): boolean =>
  logical_block_size >= SECTOR_SIZE &&
  Number.isInteger(Math.log2(logical_block_size)) &&
  max_sectors * SECTOR_SIZE >= logical_block_size;
