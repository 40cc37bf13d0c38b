// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KObject } from '../object.js';
import { memoryDisk } from '../testing/memory-disk.js';
import { one } from '../testing/one.js';
import { everySchedule, run, seeded } from '../testing/run.js';
import {
  bio,
  bio_endio,
  BIO_CLONED,
  bio_io_error,
  BIO_REMAPPED,
  REQ_NOWAIT,
  REQ_OP_DISCARD,
  REQ_OP_WRITE,
} from './bio.js';
import { bio_chain } from './bio-chain.js';
import { bio_alloc_clone, bio_split } from './bio-clone.js';
import { bio_get, bio_put } from './bio-reference.js';
import { BLK_STS_AGAIN, BLK_STS_IOERR, BLK_STS_MEDIUM, BLK_STS_OK, BLK_STS_TARGET } from './blk-status.js';
import { submit_bio } from './submit-bio.js';

class pages extends KObject {}

it('splits a bio in two that share its data, and refuses to leave one empty', () => {
  const { reports } = one(function* () {
    const data = new pages();
    const b = new bio({ bi_opf: REQ_OP_WRITE, bi_sector: 10, bi_size: 4096, bi_io_vec: data });
    b.bi_flags = 1 << BIO_REMAPPED;
    const front = yield* bio_split(b, 3);
    if (typeof front === 'number') throw new Error('a front was expected');
    expect([front.bi_sector, front.bi_size, front.bi_bvec_done, front.bi_opf]).toEqual([10, 1536, 0, REQ_OP_WRITE]);
    expect([b.bi_sector, b.bi_size, b.bi_bvec_done]).toEqual([13, 2560, 1536]);
    expect([front.bi_io_vec, b.bi_io_vec]).toEqual([data, data]);
    expect(front.bi_flags).toBe((1 << BIO_CLONED) | (1 << BIO_REMAPPED));
    expect(front.alloc).not.toBe(b.alloc);
    expect([yield* bio_split(b, 0), yield* bio_split(b, 5), yield* bio_split(b, 6)]).toEqual([-22, -22, -22]);
  });
  expect(reports).toEqual([]);
});

it('clones into memory of its own, which the environment may refuse where the program lets it', () => {
  const given = new Set<string>();
  everySchedule(
    (machine) => {
      machine.spawn('t', function* () {
        const b = new bio({ bi_sector: 1, bi_size: 512, bi_private: 'mine', bi_end_io: (ended) => bio_put(ended) });
        const clone = yield* bio_alloc_clone(null, b, { mayFail: true });
        given.add(clone === null ? 'NULL' : `${String(clone.bi_end_io)} ${String(clone.bi_private)}`);
      });
    },
    () => undefined,
  );
  expect([...given].sort()).toEqual(['NULL', 'null undefined']);
});

it('ends a parent after all of its parts, with the first error of a part, and frees each part', () => {
  const { reports } = one(function* () {
    const ends: string[] = [];
    const parent = new bio({
      *bi_end_io(b) {
        ends.push(b.bi_status);
      },
    });
    const parts = [new bio(), new bio()];
    for (const part of parts) yield* bio_chain(part, parent);
    yield* bio_endio(parent);
    for (const [part, status] of [
      [parts[0], BLK_STS_TARGET],
      [parts[1], BLK_STS_MEDIUM],
    ] as const) {
      if (part === undefined) throw new Error('two parts');
      expect(ends).toEqual([]);
      part.bi_status = status;
      yield* bio_endio(part);
      expect(part.alloc.freed).toBe(true);
    }
    expect(ends).toEqual([BLK_STS_TARGET]);
    yield* bio_endio(parent);
  });
  expect(reports).toEqual(['duplicate-completion: WARNING: bio_endio: bio#1 was completed before']);
});

it('reports a chained bio that has an end of its own', () => {
  const { reports } = one(() => bio_chain(new bio({ bi_private: 1 }), new bio()));
  expect(reports).toEqual(['warning: kernel BUG at block/bio.c: bio_chain: the part has bi_end_io or bi_private']);
});

it('ends the parent once, with an error when any part had one, in every order of the ends', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      machine.spawn('boot', function* () {
        let ends = 0;
        const parent: bio = new bio({
          *bi_end_io(b) {
            ends++;
            seen.add(b.bi_status);
          },
        });
        const [a, b] = [new bio(), new bio()];
        yield* bio_chain(a, parent);
        yield* bio_chain(b, parent);
        a.bi_status = BLK_STS_TARGET;
        machine.spawn('a', () => bio_endio(a));
        machine.spawn('b', () => bio_io_error(b));
        yield* bio_endio(parent);
        expect(ends).toBeLessThanOrEqual(1);
      });
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
  // Both ends may find no error yet: then either may be the last to write.
  expect([...seen].sort()).toEqual([BLK_STS_IOERR, BLK_STS_TARGET]);
});

it('counts references, and frees with the last; one put too many is a double free', () => {
  const { reports } = one(function* () {
    const b = new bio();
    yield* bio_get(b);
    yield* bio_put(b);
    expect(b.alloc.freed).toBe(false);
    yield* bio_put(b);
    expect(b.alloc.freed).toBe(true);
    const other = new bio();
    yield* bio_put(other);
    yield* bio_put(other);
  });
  expect(reports).toEqual(['use-after-free: KASAN: double-free in fn']);
});

const cases = fc.record({
  sector: fc.nat({ max: 40 }),
  sectors: fc.integer({ min: 1, max: 60 }),
  max: fc.integer({ min: 1, max: 20 }),
  chunk: fc.constantFrom(0, 0, 8, 12, 16),
  block: fc.constantFrom(512, 1024),
  queued: fc.boolean(),
  failing: fc.array(fc.nat({ max: 8 }), { maxLength: 2 }),
  seed: fc.integer(),
});

it('writes every sector exactly once within the limits, and ends with an error exactly when a part failed', () => {
  fc.assert(
    fc.property(cases, ({ sector, sectors, max, chunk, block, queued, failing, seed }) => {
      const unit = block / 512;
      const [from, count] = [sector * unit, sectors * unit];
      const limit = max * unit;
      const boundary = chunk * unit;
      let taken = 0;
      let failed = 0;
      const lost = new Set<number>();
      let ends = 0;
      let status = '';
      const { reports, end } = run((machine) => {
        machine.spawn('t', function* () {
          const made = yield* memoryDisk({
            sectors: 1000,
            lim: { max_sectors: limit, chunk_sectors: boundary, logical_block_size: block },
            queued,
            fails: (b) => {
              if (!failing.includes(taken++)) return false;
              failed++;
              for (let at = b.bi_sector; at < b.bi_sector + b.bi_size / 512; at++) lost.add(at);
              return true;
            },
          });
          const b = new bio({
            bi_opf: REQ_OP_WRITE,
            bi_bdev: made.disk.part0,
            bi_sector: from,
            bi_size: count * 512,
            *bi_end_io(ended) {
              ends++;
              status = ended.bi_status;
            },
          });
          yield* submit_bio(b);
          expect(made.disk.queue.usage).toBe(0);
          const wanted = Array.from({ length: count }, (_, i) => from + i).filter((at) => !lost.has(at));
          expect([...made.written].sort(([a], [c]) => a - c)).toEqual(wanted.map((at) => [at, 1]));
          for (const text of made.bios) {
            const [start = 0, length = 0] = text.slice('write '.length).split('+').map(Number);
            expect(length).toBeLessThanOrEqual(limit);
            if (boundary > 0) expect(Math.floor(start / boundary)).toBe(Math.floor((start + length - 1) / boundary));
          }
        });
      }, seeded(seed));
      expect([end, reports, ends]).toEqual(['finished', [], 1]);
      expect(status).toBe(failed > 0 ? BLK_STS_IOERR : BLK_STS_OK);
    }),
    { numRuns: 300 },
  );
});

it('never splits a bio that may not wait, and splits a discard by its own limit', () => {
  const { reports } = one(function* () {
    const made = yield* memoryDisk({ lim: { max_sectors: 4, max_discard_sectors: 30 } });
    const submit = function* (bi_opf: number, bi_size: number) {
      const b = new bio({ bi_opf, bi_bdev: made.disk.part0, bi_size });
      yield* submit_bio(b);
      return b.bi_status;
    };
    expect(yield* submit(REQ_OP_WRITE | REQ_NOWAIT, 4096)).toBe(BLK_STS_AGAIN);
    expect(yield* submit(REQ_OP_WRITE | REQ_NOWAIT, 2048)).toBe(BLK_STS_OK);
    expect(yield* submit(REQ_OP_DISCARD, 20 * 1024)).toBe(BLK_STS_OK);
    expect(made.bios).toEqual(['write 0+4', 'read 0+30', 'read 30+10']);
  });
  expect(reports).toEqual([]);
});
