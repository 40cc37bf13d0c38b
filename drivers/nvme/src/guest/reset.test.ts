// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { resetGuest } from './reset.js';
import { FakeGuest } from './testing/fake-guest.js';
import { fakeWorld, twoPaths } from './testing/fake-world.js';

const HEAD = '/sys/class/nvme-subsystem/nvme-subsys3/nvme3n1';

/** A kernel that removes a controller when told so, and all the rest with the last one, unless `keeps` says otherwise. */
const kernel = (files = twoPaths(), keeps: (path: string) => boolean = () => false): FakeGuest => {
  const guest = new FakeGuest(files);
  const drop = (prefix: string): void => {
    for (const path of [...files.keys()]) if (path.startsWith(prefix) && !keeps(path)) files.delete(path);
  };
  guest.onWrite = (path, data) => {
    if (path.endsWith('/delayed_removal_secs')) files.set(path, `${data}\n`);
    if (!path.endsWith('/remove')) return;
    drop(path.replace(/remove$/, ''));
    const isLast = ![...files.keys()].some((file) => file.startsWith('/sys/bus/pci/devices/'));
    if (isLast && (files.get(`${HEAD}/delayed_removal_secs`) ?? '0\n') === '0\n') {
      drop('/sys/class/');
    }
  };
  return guest;
};

it('detaches what is attached, closes what is held, and begins a new session', async () => {
  const guest = kernel();
  const world = await fakeWorld(guest);
  world.session.holds.set('h', 11);
  world.session.blocksUsed = 7;
  await resetGuest(world);
  expect(guest.written().filter((line) => line.includes('/remove '))).toEqual([
    '/sys/bus/pci/devices/0000:01:00.0/remove 1',
    '/sys/bus/pci/devices/0000:02:00.0/remove 1',
  ]);
  expect(guest.seen.some(({ op, args }) => op === 'close' && JSON.stringify(args) === '{"fd":11}')).toBe(true);
  expect([world.session.holds.size, world.session.blocksUsed]).toEqual([0, 0]);
});

it('takes the delay from a head first, or it would outlive its paths', async () => {
  const guest = kernel(new Map([...twoPaths(), [`${HEAD}/delayed_removal_secs`, '30\n']]));
  await resetGuest(await fakeWorld(guest));
  const [first] = guest.written().filter((line) => !line.includes('/tracing/'));
  expect(first).toBe(`${HEAD}/delayed_removal_secs 0`);
});

it('names what is left', async () => {
  const guest = kernel(twoPaths(), (path) => path.startsWith('/sys/class/nvme-subsystem/'));
  await expect(resetGuest(await fakeWorld(guest))).rejects.toMatchObject({
    code: 'LMP-226',
    message: expect.stringContaining('/sys/class/nvme-subsystem/nvme-subsys3'),
  });
});

it('restores the default policy', async () => {
  const policy = '/sys/module/nvme_core/parameters/iopolicy';
  const guest = kernel(new Map([...twoPaths(), [policy, 'round-robin\n']]));
  await resetGuest(await fakeWorld(guest));
  expect(guest.written()).toContain(`${policy} numa`);
});
