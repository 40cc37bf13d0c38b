// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { FakeGuest } from './testing/fake-guest.js';
import { loadTransport, unloadTransport } from './transport-module.js';

const REFCNT = '/sys/module/nvme_tcp/refcnt';

const guest = (loaded: boolean, inUse = false): FakeGuest => {
  const files = new Map([['/etc/mpath/modules', '/lib/modules/nvmet_tcp.ko\n/lib/modules/nvme-tcp.ko\n']]);
  if (loaded) files.set(REFCNT, '0\n');
  return new FakeGuest(files, new Map(), {
    'module.unload': ({ name }) => {
      if (inUse) throw new GuestErrno('module.unload', 'EAGAIN', name);
      files.delete(REFCNT);
      return {};
    },
    'module.load': ({ path }) => {
      files.set(REFCNT, path);
      return { loaded: true };
    },
  });
};

it('is unloaded and loaded again from where the image has it', async () => {
  const port = guest(true);
  expect(await unloadTransport(port)).toBe('ok');
  await loadTransport(port);
  await loadTransport(port);
  expect(port.files.get(REFCNT)).toBe('/lib/modules/nvme-tcp.ko');
  expect(port.seen.filter(({ op }) => op === 'module.load')).toHaveLength(1);
});

it('a module in use stays, and the errno is the result', async () => {
  expect(await unloadTransport(guest(true, true))).toBe('EAGAIN');
});

it('a kernel that has it built in is told apart', async () => {
  await expect(unloadTransport(guest(false))).rejects.toMatchObject({ code: 'LMP-236' });
});
