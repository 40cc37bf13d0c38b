// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { memoryDisk } from '../testing/memory-disk.js';
import { one } from '../testing/one.js';
import { everySchedule } from '../testing/run.js';
import { bio, REQ_OP_WRITE } from './bio.js';
import { errno_to_blk_status, blk_status_to_errno } from './blk-status.js';
import { submit_bio } from './submit-bio.js';
import {
  queue_limits_commit_update,
  queue_limits_commit_update_frozen,
  queue_limits_start_update,
} from './update-limits.js';

it('changes the limits under their lock, and refuses those that no block fits', () => {
  const { reports } = one(function* () {
    const { disk } = yield* memoryDisk({ lim: { max_hw_sectors: 8, max_sectors: 16 } });
    expect(disk.queue.limits.max_sectors).toBe(8);
    const now = yield* queue_limits_start_update(disk.queue);
    expect(yield* queue_limits_commit_update(disk.queue, { ...now, max_sectors: 4 })).toBe(0);
    yield* queue_limits_start_update(disk.queue);
    expect(yield* queue_limits_commit_update(disk.queue, { max_sectors: 1, logical_block_size: 4096 })).toBe(-22);
    expect([disk.queue.limits.max_sectors, disk.queue.limits_lock.owner]).toEqual([4, null]);
  });
  expect(reports).toEqual([]);
});

it('lets a bio see the old limits or the new ones, whole, in every schedule, and no bio inside during a frozen change', () => {
  for (const queued of [false, true]) {
    const seen = new Set<string>();
    everySchedule(
      (machine) => {
        machine.spawn('boot', function* () {
          const made = yield* memoryDisk({ queued });
          machine.spawn('submit', function* () {
            yield* submit_bio(new bio({ bi_opf: REQ_OP_WRITE, bi_bdev: made.disk.part0, bi_size: 4096 }));
            seen.add(made.bios.join());
          });
          yield* queue_limits_start_update(made.disk.queue);
          yield* queue_limits_commit_update_frozen(made.disk.queue, { max_sectors: 4 });
        });
      },
      ({ end, reports }) => {
        expect([end, reports]).toEqual(['finished', []]);
      },
    );
    expect([...seen].sort()).toEqual(['write 0+4,write 4+4', 'write 0+8']);
  }
});

it('maps a status to its errno, and an errno back; what has no status is an I/O error', () => {
  for (const status of [
    'BLK_STS_OK',
    'BLK_STS_TRANSPORT',
    'BLK_STS_AGAIN',
    'BLK_STS_IOERR',
    'BLK_STS_OFFLINE',
  ] as const) {
    expect(errno_to_blk_status(blk_status_to_errno(status))).toBe(status);
  }
  expect([blk_status_to_errno('BLK_STS_RESV_CONFLICT'), errno_to_blk_status(-1)]).toEqual([-52, 'BLK_STS_IOERR']);
});
