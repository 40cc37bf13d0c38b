// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { READ_ONCE } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import { pr_err } from '../printk/printk.js';
import { might_sleep } from '../sched/might-sleep.js';
import { nothing, type Steps } from '../step.js';
import type { address_space } from './address-space.js';
import { bio, REQ_OP_WRITE } from './bio.js';
import { bio_put } from './bio-reference.js';
import { BLK_STS_OK } from './blk-status.js';
import type { block_device } from './gendisk.js';
import { submit_bio } from './submit-bio.js';

const SECTOR_SIZE = 512;
/** Sectors of one bio of the write-back: 256 pages. */
const MAX_SECTORS = 2048;
const FIELD = 'i_pages';

/** Puts sectors into the cache that the disk does not have yet. Kernel: filemap_dirty_folio(). */
export function* filemap_dirty_folio(mapping: address_space, sector: number, sectors: number): Steps<void> {
  yield makeStep('filemap_dirty_folio', mapping, FIELD, 'update');
  checkLive(mapping);
  for (let at = sector; at < sector + sectors; at++) {
    mapping.i_pages.add(at);
    mapping.dirty.add(at);
  }
}

/**
 * write(2) of a device file without O_DIRECT: the data waits in the cache.
 * Kernel: blkdev_write_iter(), block/fops.c. Context: may sleep.
 * @returns bytes written, fewer at the end of the device; -ENOSPC beyond it, as once the disk is dead
 */
export const blkdev_write_iter = kfn(
  'blkdev_write_iter',
  function* (bdev: block_device, sector: number, sectors: number): Steps<number> {
    const size = yield* READ_ONCE(bdev, 'bd_nr_sectors');
    if (sector >= size) return -E.ENOSPC;
    const count = Math.min(sectors, size - sector);
    yield* filemap_dirty_folio(bdev.bd_mapping, sector, count);
    return count * SECTOR_SIZE;
  },
);

interface Run {
  readonly sector: number;
  readonly sectors: number;
}

/** What is dirty as runs without gaps, none longer than a bio. */
const runsOf = (dirty: ReadonlySet<number>): Run[] => {
  const runs: { sector: number; sectors: number }[] = [];
  for (const sector of [...dirty].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last.sector + last.sectors === sector && last.sectors < MAX_SECTORS) last.sectors++;
    else runs.push({ sector, sectors: 1 });
  }
  return runs;
};

/** Kernel: do_writepages(): from here on it is clean, and on its way. */
function* startWriteback(mapping: address_space): Steps<Run[]> {
  const step = makeStep('do_writepages', mapping, FIELD, 'update');
  yield step;
  checkLive(mapping);
  const runs = runsOf(mapping.dirty);
  mapping.dirty.clear();
  mapping.writeback += runs.length;
  step.value = runs.length;
  return runs;
}

/** Kernel: folio_end_writeback() of a write bio's end; a failure loses the data. */
function* endWriteback(mapping: address_space, bdev: block_device, run: Run, write: bio): Steps<void> {
  const step = makeStep('folio_end_writeback', mapping, FIELD, 'update');
  yield step;
  checkLive(mapping);
  mapping.writeback--;
  step.value = write.bi_status;
  if (write.bi_status !== BLK_STS_OK) {
    mapping.eio = true;
    for (let at = run.sector; at < run.sector + run.sectors; at++) mapping.lost.add(at);
    const block = `logical block ${String(run.sector)}`;
    pr_err(`Buffer I/O error on dev ${bdev.bd_device.name}, ${block}, lost async page write`);
  }
  yield* bio_put(write);
}

/**
 * Writes what is dirty to the device, and waits for this and for every other write-back.
 * Kernel: filemap_write_and_wait(). Context: may sleep.
 * @returns 0, or -EIO: some write failed since this was asked last
 */
export const filemap_write_and_wait = kfn(
  'filemap_write_and_wait',
  function* (mapping: address_space, bdev: block_device): Steps<number> {
    might_sleep('filemap_write_and_wait', mapping);
    const needed = makeStep('mapping_needs_writeback', mapping, FIELD, 'read', {
      tells: () => mapping.i_pages.size > 0,
    });
    yield needed;
    checkLive(mapping);
    needed.value = mapping.i_pages.size > 0;
    if (mapping.i_pages.size === 0) return 0;
    for (const run of yield* startWriteback(mapping)) {
      const { sector, sectors } = run;
      const write: bio = new bio({
        bi_opf: REQ_OP_WRITE,
        bi_bdev: bdev,
        bi_sector: sector,
        bi_size: sectors * SECTOR_SIZE,
        bi_end_io: (ended) => endWriteback(mapping, bdev, run, ended),
      });
      yield* submit_bio(write);
    }
    yield makeStep('folio_wait_writeback', mapping, FIELD, 'read', mapping.waitOptions);
    checkLive(mapping);
    const check = makeStep('filemap_check_errors', mapping, FIELD, 'update');
    yield check;
    checkLive(mapping);
    const error = mapping.eio ? -E.EIO : 0;
    mapping.eio = false;
    check.value = error;
    return error;
  },
);

/** Kernel: sync_blockdev(): what is cached of the device file. Context: may sleep. @returns 0 or -EIO */
export const sync_blockdev = (bdev: block_device): Steps<number> => filemap_write_and_wait(bdev.bd_mapping, bdev);

/** Kernel: invalidate_bdev(): what is clean leaves the cache. */
export function* invalidate_bdev(bdev: block_device): Steps<void> {
  const { bd_mapping } = bdev;
  const step = makeStep('invalidate_bdev', bd_mapping, FIELD, 'update', {
    tells: nothing,
    amounts: () => (bd_mapping.i_pages.size === 0 ? 'read' : 'update'),
  });
  yield step;
  checkLive(bd_mapping);
  for (const sector of bd_mapping.i_pages) if (!bd_mapping.dirty.has(sector)) bd_mapping.i_pages.delete(sector);
}
