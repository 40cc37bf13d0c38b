// SPDX-License-Identifier: GPL-2.0-only
import type { MachinePort } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { putAllBack } from './plugging.js';
import { FakeGuest } from './testing/fake-guest.js';
import { fakeWorld, topology, twoPaths } from './testing/fake-world.js';
import { guestPull, guestUnplug } from './words/plug.js';

const PORT = '/sys/devices/port/config';

/** Of a port: memory and bus mastering on, buses 1 to 1 behind it. */
const config = (): string => {
  const bytes = new Uint8Array(256);
  bytes.set([0x06, 0x05], 0x04);
  bytes.set([0x01, 0x01], 0x19);
  return String.fromCharCode(...bytes);
};

const gone = (files: Map<string, string>, label: 'c0' | 'c1'): void => {
  const dir = `/sys/bus/pci/devices/0000:0${label === 'c0' ? '1' : '2'}:00.0`;
  for (const path of [...files.keys()]) if (path.startsWith(`${dir}/`)) files.delete(path);
};

const machine = (files: Map<string, string>, calls: string[]): MachinePort => ({
  unplug: async (id) => {
    calls.push(`unplug ${id}`);
    gone(files, 'c0');
  },
  plug: async ({ props }) => {
    calls.push(`plug ${String(props['id'])} into ${String(props['bus'])}`);
    files.set('/sys/class/nvme/nvme7/state', 'live\n');
  },
});

class GuestInMachine extends FakeGuest {
  readonly calls: string[] = [];
  readonly machine = machine(this.files, this.calls);
}

it('what was unplugged is put back, once, by whoever uses the machine next', async () => {
  const guest = new GuestInMachine(twoPaths());
  guest.files.set('/sys/class/nvme/nvme5/state', 'live\n');
  const world = await fakeWorld(guest);
  await guestUnplug(world, { controller: 'c0' });
  await putAllBack(guest, topology);
  await putAllBack(guest, topology);
  expect(guest.calls).toEqual(['unplug ctrl-c0', 'plug ctrl-c0 into port-c0']);
});

it('the link to a function is down while that is removed, and back afterwards', async () => {
  const guest = new FakeGuest(
    twoPaths(),
    new Map([['/sys/bus/pci/devices/0000:01:00.0', '/sys/devices/port/0000:01:00.0']]),
  );
  guest.files.set(PORT, config());
  guest.onWrite = (path) => {
    if (path.endsWith('/remove')) gone(guest.files, 'c0');
  };
  const world = await fakeWorld(guest);
  await guestPull(world, { controller: 'c0' });
  const writes = guest.seen.flatMap(({ op, args }) => (op === 'file.write' ? [JSON.stringify(args)] : []));
  expect(writes.filter((line) => !line.includes('marker'))).toEqual(
    [
      { path: PORT, data: '\u0000\u0005', offsetBytes: 4 },
      { path: PORT, data: '\u0000\u0000', offsetBytes: 0x19 },
      { path: '/sys/bus/pci/devices/0000:01:00.0/remove', data: '1' },
      { path: PORT, data: '\u0001\u0001', offsetBytes: 0x19 },
      { path: PORT, data: '\u0006\u0005', offsetBytes: 4 },
    ].map((args) => JSON.stringify(args)),
  );
});

it('a guest without its machine says so', async () => {
  const world = await fakeWorld(new FakeGuest(twoPaths()));
  await expect(guestUnplug(world, { controller: 'c0' })).rejects.toMatchObject({ code: 'LMP-235' });
});
