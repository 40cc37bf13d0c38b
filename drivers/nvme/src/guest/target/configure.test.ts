// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { nvmeTopology } from '../../topology.js';
import { FakeGuest } from '../testing/fake-guest.js';
import { allowHosts, configureTarget, restoreTarget } from './configure.js';

const TARGET = '/sys/kernel/config/nvmet';
const SUBSYSTEM = `${TARGET}/subsystems/nqn.2026-11.org.libmultipath:target`;

/** A guest whose configfs remembers directories, links and attributes as files. */
const configfs = (files = new Map<string, string>()): FakeGuest => {
  const guest = new FakeGuest(files, new Map(), {
    'net.up': () => ({}),
    // There is no device mapper.
    open: ({ path }) => {
      throw new GuestErrno('open', 'ENOENT', path);
    },
    'link.make': ({ path }) => {
      files.set(path, '');
      return {};
    },
    'link.remove': ({ path }) => {
      files.delete(path);
      return {};
    },
    'dir.remove': ({ path }) => {
      for (const file of files.keys()) if (file.startsWith(`${path}/`)) files.delete(file);
      return {};
    },
  });
  guest.onWrite = (path, data) => void files.set(path, `${data}\n`);
  return guest;
};

const topology = (controllers: readonly string[], sizeMiB = 64) =>
  nvmeTopology.parse({ transport: 'tcp', controllers, namespaces: [{ nsid: 1, sizeMiB }] });

test('a target is set up once, and found again', async () => {
  const guest = configfs();
  const ports = await configureTarget(guest, topology(['c0', 'c1']));
  expect([...ports].map(([label, { service }]) => `${label} ${service}`)).toEqual(['c0 4421', 'c1 4422']);
  expect(guest.files.get(`${SUBSYSTEM}/namespaces/1/device_path`)).toBe('/dev/mpath1\n');
  const before = guest.written().length;
  await configureTarget(guest, topology(['c0', 'c1']));
  expect(guest.written().length).toBe(before);
});

test.each([
  ['fewer controllers', topology(['c0'])],
  ['a larger namespace', topology(['c0', 'c1'], 128)],
])('that of another topology makes room: %s', async (_what, wanted) => {
  const guest = configfs();
  await configureTarget(guest, topology(['c0', 'c1']));
  guest.files.set('/sys/class/nvme/nvme0/transport', 'tcp\n');
  guest.files.set('/sys/class/nvme/nvme1/transport', 'pcie\n');
  const { onWrite } = guest;
  guest.onWrite = (path, data) => {
    if (path.endsWith('/delete_controller')) guest.files.delete('/sys/class/nvme/nvme0/transport');
    else onWrite(path, data);
  };
  await configureTarget(guest, wanted);
  expect(guest.written()).toContain('/sys/class/nvme/nvme0/delete_controller 1');
  expect(guest.written()).not.toContain('/sys/class/nvme/nvme1/delete_controller 1');
  const ports = new Set([...guest.files.keys()].flatMap((path) => /ports\/(\d)\//.exec(path)?.[1] ?? []));
  expect(ports.size).toBe(wanted.controllers.length);
  expect(guest.files.get('/sys/kernel/config/nullb/mpath1/size')).toBe(`${String(wanted.namespaces[0]?.sizeMiB)}\n`);
});

test('a port that a scenario left off serves again', async () => {
  const guest = configfs();
  const two = topology(['c0', 'c1']);
  await configureTarget(guest, two);
  const link = `${TARGET}/ports/1/subsystems/nqn.2026-11.org.libmultipath:target`;
  guest.files.delete(link);
  await restoreTarget(guest, two);
  expect(guest.files.has(link)).toBe(true);
});

test('a kernel whose target does not take it is told apart', async () => {
  const guest = configfs();
  guest.onWrite = (path) => {
    if (path.endsWith('/attr_serial')) throw new Error('Invalid argument');
  };
  await expect(configureTarget(guest, topology(['c0']))).rejects.toMatchObject({ code: 'LMP-233' });
});

test('hosts that a scenario left denied are taken again', async () => {
  const guest = configfs();
  const one = topology(['c0']);
  await configureTarget(guest, one);
  await allowHosts(guest, false);
  expect(guest.files.get(`${SUBSYSTEM}/attr_allow_any_host`)).toBe('0\n');
  await restoreTarget(guest, one);
  expect(guest.files.get(`${SUBSYSTEM}/attr_allow_any_host`)).toBe('1\n');
});
