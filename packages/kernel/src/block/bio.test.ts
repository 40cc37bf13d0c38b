// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { one } from '../testing/one.js';
import { run, seeded } from '../testing/run.js';
import { bio, bio_endio, bio_io_error, bio_reset } from './bio.js';
import { BLK_STS_IOERR, BLK_STS_OK } from './blk-status.js';
import { bio_list, bio_list_add, bio_list_empty, bio_list_entries, bio_list_get, bio_list_pop } from './bio-list.js';

it('runs bi_end_io with the status, once', () => {
  const ends: string[] = [];
  const { reports, machine } = one(function* () {
    const b = new bio({
      *bi_end_io(ended) {
        ends.push(ended.bi_status);
      },
    });
    yield* bio_endio(b);
    yield* bio_io_error(b);
    yield* bio_reset(b);
    expect(b.bi_status).toBe(BLK_STS_OK);
    yield* bio_io_error(b);
  });
  expect(ends).toEqual([BLK_STS_OK, BLK_STS_IOERR]);
  expect(reports).toEqual(['duplicate-completion: WARNING: bio_io_error: bio#1 was completed before']);
  expect(machine.reports[0]?.others.map(({ role }) => role)).toEqual(['allocated by', 'completed by']);
});

it('reports exactly one completion too many when two race', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      let ends = 0;
      const { reports } = run((machine) => {
        const b = new bio({
          *bi_end_io() {
            ends++;
          },
        });
        machine.spawn('a', () => bio_endio(b));
        machine.spawn('b', () => bio_io_error(b));
      }, seeded(seed));
      expect([ends, reports.length]).toEqual([1, 1]);
    }),
  );
});

it('keeps a list of bios in order', () => {
  const { reports } = one(function* () {
    const list = new bio_list();
    const [a, b, c] = [new bio(), new bio(), new bio()];
    expect(yield* bio_list_pop(list)).toBe(null);
    for (const each of [a, b, c]) yield* bio_list_add(list, each);
    expect(bio_list_entries(list)).toEqual([a, b, c]);
    expect(yield* bio_list_pop(list)).toBe(a);
    const rest = yield* bio_list_get(list);
    expect([rest, rest?.bi_next, rest?.bi_next?.bi_next]).toEqual([b, c, null]);
    expect(yield* bio_list_empty(list)).toBe(true);
    yield* bio_list_add(list, a);
    expect(bio_list_entries(list)).toEqual([a]);
  });
  expect(reports).toEqual([]);
});

it('reports a bio that is put on a list twice', () => {
  const { reports } = one(function* () {
    const list = new bio_list();
    const b = new bio();
    yield* bio_list_add(list, b);
    yield* bio_list_add(list, b);
    expect(bio_list_entries(list)).toEqual([b]);
  });
  expect(reports).toEqual(['double-add: bio_list_add: bio#1 is on the list already']);
});
