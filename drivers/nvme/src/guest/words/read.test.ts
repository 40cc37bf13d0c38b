// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestOps, type IoResult } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { FakeGuest } from '../testing/fake-guest.js';
import { fakeWorld, setTrace, twoPaths } from '../testing/fake-world.js';
import { device, recordsOf, remap, traceText } from '../testing/trace-text.js';
import type { NvmeGuestWorld } from '../world.js';
import { guestPathsOf } from './paths-of.js';
import { guestRead } from './read.js';
import { guestResultOf } from './result-of.js';

type Start = GuestOps['io.start']['args'];

interface Disk {
  readonly guest: FakeGuest;
  readonly world: NvmeGuestWorld;
  readonly started: Start[];
  readonly closed: number[];
}

/** A head whose reads end with `results`, one after the other, then well. */
const disk = async (results: readonly Partial<IoResult>[] = [], openErrno?: string): Promise<Disk> => {
  const started: Start[] = [];
  const closed: number[] = [];
  const guest = new FakeGuest(twoPaths(), new Map(), {
    open: () => {
      if (openErrno !== undefined) throw new GuestErrno('open', openErrno, 'open');
      return { fd: 9 };
    },
    close: ({ fd }) => {
      closed.push(fd);
      return {};
    },
    'io.start': (args) => ({ job: started.push(args), tid: 70 + started.length }),
    'io.wait': ({ job }) => ({ bytes: 4_096, errno: '', verified: false, ...results[job - 1] }),
  });
  return { guest, world: await fakeWorld(guest), started, closed };
};

const args = (as: string, count = 1, through?: string): Parameters<typeof guestRead>[1] => ({
  as,
  cpu: 1,
  count,
  through,
});

it('reads blocks of its own, pinned, and closes what it opened', async () => {
  const { world, started, closed } = await disk();
  await guestRead(world, args('a', 3));
  await guestRead(world, args('b', 2));
  expect(new Set(started.map(({ offsetBytes }) => offsetBytes)).size).toBe(5);
  expect(
    started.every(({ cpu, offsetBytes }) => cpu === 1 && offsetBytes % 4_096 === 0 && offsetBytes >= 32 << 20),
  ).toBe(true);
  expect(closed).toEqual([9, 9]);
  expect(await guestResultOf(world, 'a')).toBe('ok');
});

it.each([
  [[{ bytes: -1, errno: 'EIO' }], 'EIO'],
  [[{ bytes: 0 }], 'eof'],
  [[{ bytes: 512 }], 'short'],
  [
    [{}, { bytes: -1, errno: 'EIO' }],
    ['ok', 'EIO'],
  ],
])('results %j read as %j', async (results, expected) => {
  const { world } = await disk(results);
  await guestRead(world, args('a', results.length));
  expect(await guestResultOf(world, 'a')).toEqual(expected);
});

it('takes a refused open for the result', async () => {
  const { world, started } = await disk([], 'ENXIO');
  await guestRead(world, args('a'));
  expect([await guestResultOf(world, 'a'), started.length]).toEqual(['ENXIO', 0]);
});

it('reads through a held descriptor and leaves it open', async () => {
  const { world, started, closed } = await disk();
  world.session.holds.set('h', 4);
  await guestRead(world, args('a', 1, 'h'));
  expect([started[0]?.fd, closed]).toEqual([4, []]);
  await expect(guestRead(world, args('b', 1, 'other'))).rejects.toMatchObject({ code: 'LMP-231' });
});

it('shows the paths of its own bios alone, each time one was sent', async () => {
  const { guest, world } = await disk();
  await guestRead(world, args('a', 2));
  const [first = 0, second = 0] = world.session.reads.get('a')?.sectors ?? [];
  const lines = [
    device('259:0', 'c0'),
    device('259:1', 'c1'),
    remap('259:1', first),
    remap('259:0', 8),
    remap('259:0', first),
    remap('259:1', second),
  ];
  expect(recordsOf(lines)).toHaveLength(lines.length);
  setTrace(guest, traceText(lines));
  expect(await guestPathsOf(world, 'a')).toEqual(['c1', 'c0', 'c1']);
});

it('takes nothing from a trace that has been overwritten', async () => {
  const { guest, world } = await disk();
  await guestRead(world, args('a'));
  setTrace(guest, traceText([remap('259:0', 8)], 2));
  await expect(guestPathsOf(world, 'a')).rejects.toMatchObject({ code: 'LMP-223' });
});
