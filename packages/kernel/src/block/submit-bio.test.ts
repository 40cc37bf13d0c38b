// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import type { Steps } from '../step.js';
import { one } from '../testing/one.js';
import { everySchedule } from '../testing/run.js';
import { device_add_disk } from './add-disk.js';
import { bio, bio_endio, BIO_REMAPPED, REQ_NOWAIT } from './bio.js';
import { BLK_STS_AGAIN, BLK_STS_IOERR } from './blk-status.js';
import { del_gendisk } from './del-gendisk.js';
import { blk_alloc_disk, put_disk, set_capacity } from './disk.js';
import { GD_SUPPRESS_PART_SCAN, type gendisk } from './gendisk.js';
import { blk_mq_freeze_queue, blk_mq_unfreeze_queue, blk_queue_exit, blk_queue_get } from './queue.js';
import { submit_bio } from './submit-bio.js';

/** A disk that is in the system, bio based unless told otherwise, 100 sectors. */
function* disk(name: string, take: (b: bio) => Steps<void>, queue = false): Steps<gendisk> {
  const made = yield* blk_alloc_disk(0);
  made.disk_name = name;
  made.fops = queue ? { queue_bio: take } : { submit_bio: take };
  made.state |= 1 << GD_SUPPRESS_PART_SCAN;
  yield* set_capacity(made, 100);
  yield* device_add_disk(null, made);
  return made;
}

const to = (target: gendisk, fields: { bi_opf?: number; bi_sector?: number; bi_size?: number } = {}): bio =>
  new bio({ bi_bdev: target.part0, bi_size: 512, ...fields });

it('does what a submit function submits after it returned: lower first, then same level, then what waited', () => {
  const log: string[] = [];
  one(function* () {
    const lower = yield* disk(
      'lower',
      function* (b) {
        log.push(`lower ${String(b.bi_sector)}`);
        yield* bio_endio(b);
      },
      true,
    );
    const top: gendisk = yield* disk('top', function* (b) {
      log.push(`top ${String(b.bi_sector)}`);
      if (b.bi_sector === 0) {
        yield* submit_bio(to(top, { bi_sector: 1 }));
        yield* submit_bio(to(lower, { bi_sector: 2 }));
        yield* submit_bio(to(top, { bi_sector: 3 }));
      }
      if (b.bi_sector === 1) yield* submit_bio(to(lower, { bi_sector: 4 }));
      log.push(`top ${String(b.bi_sector)} returns`);
      yield* bio_endio(b);
    });
    yield* submit_bio(to(top));
    log.push('submitted');
  });
  expect(log).toEqual([
    ...[
      'top 0',
      'top 0 returns',
      'lower 2',
      'top 1',
      'top 1 returns',
      'lower 4',
      'top 3',
      'top 3 returns',
      'submitted',
    ],
  ]);
});

it('fails a bio beyond the end of the disk, unless it was remapped or carries no data', () => {
  const { machine, reports } = one(function* () {
    const d = yield* disk('d', (b) => bio_endio(b));
    const statuses: string[] = [];
    const submit = function* (fields: Parameters<typeof to>[1], flags = 0): Steps<void> {
      const b = to(d, fields);
      b.bi_flags = flags;
      yield* submit_bio(b);
      statuses.push(b.bi_status);
    };
    yield* submit({ bi_sector: 99 });
    yield* submit({ bi_sector: 100 });
    yield* submit({ bi_sector: 99, bi_size: 1024 });
    yield* submit({ bi_sector: 200 }, 1 << BIO_REMAPPED);
    yield* submit({ bi_sector: 200, bi_size: 0 });
    yield* set_capacity(d, 0);
    yield* submit({});
    expect(statuses).toEqual(['BLK_STS_OK', BLK_STS_IOERR, BLK_STS_IOERR, 'BLK_STS_OK', 'BLK_STS_OK', BLK_STS_IOERR]);
  });
  expect(reports).toEqual([]);
  expect(machine.log.map(({ text }) => text)).toEqual([
    't: attempt to access beyond end of device d: sector=100, nr_sectors = 1 limit=100',
    't: attempt to access beyond end of device d: sector=99, nr_sectors = 2 limit=100',
  ]);
});

it('completes every bio exactly once while the disk is deleted, and frees it after the last user, in every schedule', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      machine.spawn('boot', function* () {
        let inside = 0;
        const d = yield* disk('d', function* (b) {
          inside++;
          yield* bio_endio(b);
          inside--;
        });
        machine.spawn('submit', function* () {
          let ends = 0;
          const b = new bio({
            bi_bdev: d.part0,
            *bi_end_io() {
              ends++;
            },
          });
          yield* submit_bio(b);
          expect(ends).toBe(1);
          seen.add(b.bi_status);
        });
        yield* del_gendisk(d);
        expect(inside).toBe(0);
      });
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
  expect([...seen].sort()).toEqual([BLK_STS_IOERR, 'BLK_STS_OK']);
});

it('waits in del_gendisk() for requests that hold the queue', () => {
  const { machine, end } = one(function* () {
    const d = yield* disk('d', (b) => blk_queue_get(b.bi_bdev?.bd_disk.queue ?? raise()), true);
    yield* submit_bio(to(d));
    expect(d.queue.usage).toBe(1);
    yield* del_gendisk(d);
  });
  expect([end, machine.task('t')?.pending?.op]).toEqual(['stuck', 'blk_mq_freeze_queue_wait']);
});

const raise = (): never => {
  throw new Error('the bio has no device');
};

it('holds submitters back while the queue is frozen, except those that will not wait', () => {
  const { reports } = one(function* () {
    const d = yield* disk('d', (b) => bio_endio(b));
    yield* blk_mq_freeze_queue(d.queue);
    const b = to(d, { bi_opf: REQ_NOWAIT });
    yield* submit_bio(b);
    expect(b.bi_status).toBe(BLK_STS_AGAIN);
    yield* blk_mq_unfreeze_queue(d.queue);
    yield* blk_mq_unfreeze_queue(d.queue);
    yield* blk_queue_exit(d.queue);
  });
  expect(reports).toEqual([
    'warning: WARNING: blk_mq_unfreeze_queue: mq_freeze_depth < 0',
    'refcount: percpu ref (blk_queue_usage_counter_release) <= 0 after switching to atomic',
  ]);
});

it('faults on a submission to a disk that is freed', () => {
  const { reports } = one(function* () {
    const d = yield* disk('d', (b) => bio_endio(b));
    yield* del_gendisk(d);
    yield* put_disk(d);
    yield* submit_bio(to(d));
  });
  expect(reports).toEqual(['use-after-free: KASAN: slab-use-after-free in submit_bio_noacct']);
});
