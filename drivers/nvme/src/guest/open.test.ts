// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { nvmeTopology } from '../topology.js';
import { openGuest } from './open.js';
import { locateSlots } from './slots.js';
import { FakeGuest } from './testing/fake-guest.js';

const topology = nvmeTopology.parse({ controllers: ['c0', 'c1'], namespaces: [{ nsid: 1 }] });
const driver = ['/sys/bus/pci/drivers/nvme/bind', ''] as const;
const multipath = ['/sys/module/nvme_core/parameters/multipath', 'Y\n'] as const;

it('says of a kernel without the driver that it has none', async () => {
  await expect(openGuest(new FakeGuest(new Map([multipath])), topology)).rejects.toMatchObject({ code: 'LMP-220' });
});

it.each([
  ['off', new Map([driver, ['/sys/module/nvme_core/parameters/multipath', 'N\n']])],
  ['not built in', new Map([driver])],
])('says of a kernel whose multipath is %s that it cannot be compared', async (_how, files) => {
  await expect(openGuest(new FakeGuest(files), topology)).rejects.toMatchObject({ code: 'LMP-229' });
});

it('wants multipath off where the topology does', async () => {
  const off = { ...topology, multipath: false };
  await expect(openGuest(new FakeGuest(new Map([driver, multipath])), off)).rejects.toMatchObject({
    code: 'LMP-229',
    message: expect.stringContaining('expected N'),
  });
});

it('says how many controllers came when some did not', async () => {
  const guest = new FakeGuest(new Map([driver, multipath, ['/sys/class/nvme/nvme0/state', 'live\n']]));
  await expect(openGuest(guest, topology)).rejects.toMatchObject({
    code: 'LMP-221',
    message: expect.stringContaining('expected 2 live controllers, found nvme0'),
  });
});

it('says why tracing cannot be set up', async () => {
  const guest = machine();
  guest.onWrite = (path) => {
    if (path.endsWith('block_bio_remap/enable')) throw new Error('no such event');
  };
  await expect(openGuest(guest, topology)).rejects.toMatchObject({
    code: 'LMP-222',
    message: expect.stringContaining('no such event'),
  });
});

/** Two live controllers; the second label's was probed first. */
const machine = (): FakeGuest =>
  new FakeGuest(
    new Map([
      driver,
      multipath,
      ['/sys/class/nvme/nvme0/state', 'live\n'],
      ['/sys/class/nvme/nvme0/cntlid', '1\n'],
      ['/sys/class/nvme/nvme1/state', 'live\n'],
      ['/sys/class/nvme/nvme1/cntlid', '0\n'],
    ]),
    new Map([
      ['/sys/class/nvme/nvme0/device', '/sys/devices/pci0000:20/0000:20:00.0/0000:21:00.0'],
      ['/sys/class/nvme/nvme1/device', '/sys/devices/pci0000:10/0000:10:00.0/0000:11:00.0'],
    ]),
  );

it('finds labels by controller id, whatever the kernel has called the controllers', async () => {
  const slots = await locateSlots(machine(), topology);
  expect([...slots.values()]).toEqual([
    { label: 'c0', bus: '0000:11', functionAddress: '0000:11:00.0' },
    { label: 'c1', bus: '0000:21', functionAddress: '0000:21:00.0' },
  ]);
});

it('controller ids of two subsystems are apart', async () => {
  const guest = machine();
  guest.files.set('/sys/class/nvme/nvme0/cntlid', '0\n');
  guest.files.set('/sys/class/nvme/nvme0/subsysnqn', 'nqn.2019-08.org.qemu:libmultipath-b\n');
  guest.files.set('/sys/class/nvme/nvme1/subsysnqn', 'nqn.2019-08.org.qemu:libmultipath\n');
  const two = nvmeTopology.parse({
    controllers: { b0: { subsystem: 'b' }, a0: {} },
    namespaces: [{ nsid: 1 }, { nsid: 1, subsystem: 'b' }],
  });
  const slots = await locateSlots(guest, two);
  expect([...slots.values()].map(({ label, bus }) => [label, bus])).toEqual([
    ['b0', '0000:21'],
    ['a0', '0000:11'],
  ]);
});
