// SPDX-License-Identifier: GPL-2.0-only
import { device_add_disk } from '../block/add-disk.js';
import { bio_endio, REQ_OP_MASK, REQ_OP_WRITE, type bio } from '../block/bio.js';
import { bio_sectors } from '../block/bio-clone.js';
import { BLK_STS_IOERR } from '../block/blk-status.js';
import { blk_alloc_disk } from '../block/disk.js';
import { GD_SUPPRESS_PART_SCAN, type gendisk } from '../block/gendisk.js';
import type { queue_limits } from '../block/queue-limits.js';
import { bio_split_to_limits } from '../block/submit-bio.js';
import type { Steps } from '../step.js';

/** A disk for a test, and what reached it. */
export interface MemoryDisk {
  readonly disk: gendisk;
  /** How often each sector was written. */
  readonly written: Map<number, number>;
  /** `op sector+sectors` of each bio, in order. */
  readonly bios: string[];
}

export interface MemoryDiskOptions {
  readonly name?: string;
  readonly sectors?: number;
  readonly lim?: Partial<queue_limits>;
  /** Request based: the block layer splits. */
  readonly queued?: boolean;
  /** Fails a bio. */
  readonly fails?: (b: bio) => boolean;
  /** Partitions are read when it is added. */
  readonly scans?: boolean;
  /** Called before it is added. */
  readonly change?: (disk: gendisk) => void;
}

/** A disk that is in the system, of 100 sectors unless told otherwise, which completes each bio at once. */
export function* memoryDisk(options: MemoryDiskOptions = {}): Steps<MemoryDisk> {
  const { name = 'd', sectors = 100, lim = {}, queued = false, fails = () => false, scans = false } = options;
  const disk = yield* blk_alloc_disk(0, { lim });
  const made: MemoryDisk = { disk, written: new Map(), bios: [] };
  const take = function* (b: bio): Steps<void> {
    const op = b.bi_opf & REQ_OP_MASK;
    made.bios.push(`${op === REQ_OP_WRITE ? 'write' : 'read'} ${String(b.bi_sector)}+${String(bio_sectors(b))}`);
    if (fails(b)) b.bi_status = BLK_STS_IOERR;
    else if (op === REQ_OP_WRITE) {
      for (let at = b.bi_sector; at < b.bi_sector + bio_sectors(b); at++) {
        made.written.set(at, (made.written.get(at) ?? 0) + 1);
      }
    }
    yield* bio_endio(b);
  };
  const split = function* (b: bio): Steps<void> {
    const front = yield* bio_split_to_limits(b);
    if (front !== null) yield* take(front);
  };
  disk.disk_name = name;
  disk.fops = queued ? { queue_bio: take } : { submit_bio: split };
  disk.part0.bd_nr_sectors = sectors;
  if (!scans) disk.state |= 1 << GD_SUPPRESS_PART_SCAN;
  options.change?.(disk);
  yield* device_add_disk(null, disk);
  return made;
}
