// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { attachControllers, detachController } from './controllers.js';
import { FakeGuest } from './testing/fake-guest.js';
import { fakeWorld, setTrace, twoPaths } from './testing/fake-world.js';
import { hit, traceText, type Line } from './testing/trace-text.js';

const scan = hit('scan', 'nvme_scan_work');
const scanDone = hit('scan_done', 'nvme_scan_work');
const partitions = hit('partitions', 'nvme_partition_scan_work');
const partitionsDone = hit('partitions_done', 'nvme_partition_scan_work');

/** Nothing attached; a rescan brings all of `after`, and the trace grows by one list of lines a look. */
const emptyKernel = (after: Map<string, string>, looks: readonly (readonly Line[])[]): FakeGuest => {
  const guest = new FakeGuest(new Map([['/proc/diskstats', after.get('/proc/diskstats') ?? '']]));
  const lines: Line[] = [];
  let next = 0;
  guest.onWrite = (path, data) => {
    if (path.endsWith('/rescan')) for (const [file, content] of after) guest.files.set(file, content);
    if (path.endsWith('/trace_marker')) lines.push({ event: 'tracing_mark_write', payload: data });
  };
  guest.beforeRead = (path) => {
    if (!path.endsWith('mpath_nvme/trace')) return;
    lines.push(...(looks[next++] ?? []));
    setTrace(guest, traceText(lines));
  };
  return guest;
};

it('scans the bus of the controller alone, and waits for the scan and the search for partitions to end', async () => {
  const guest = emptyKernel(twoPaths(['c0']), [[scan], [scanDone], [partitions], [partitionsDone]]);
  const world = await fakeWorld(guest);
  await attachControllers(world, ['c0']);
  const written = guest.written();
  expect(written.filter((line) => line.includes('rescan'))).toEqual(['/sys/class/pci_bus/0000:01/rescan 1']);
  expect(
    guest.seen.filter(({ op, args }) => op === 'file.read' && JSON.stringify(args).includes('/trace"')),
  ).toHaveLength(4);
  expect(world.session.devices.get('c0')).toEqual(['259:0']);
  expect(written.at(-1)).toMatch(/trace_marker mpath end attach c0$/);
});

it('waits for each of several controllers', async () => {
  const guest = emptyKernel(twoPaths(), [[scan, partitions], [scanDone, partitionsDone], [scan], [scanDone]]);
  const world = await fakeWorld(guest);
  await attachControllers(world, ['c0', 'c1']);
  expect(guest.written().filter((line) => line.includes('rescan'))).toHaveLength(2);
  expect([...world.session.devices]).toEqual([
    ['c0', ['259:0']],
    ['c1', ['259:1']],
  ]);
});

it('asks no search for partitions of a head that was there', async () => {
  const guest = emptyKernel(twoPaths(), [[scan, scanDone]]);
  for (const [file, content] of twoPaths(['c0'])) guest.files.set(file, content);
  const world = await fakeWorld(guest);
  await attachControllers(world, ['c1']);
  expect(world.session.devices.get('c1')).toEqual(['259:1']);
});

it('says which controller did not come', async () => {
  const world = await fakeWorld(emptyKernel(new Map(), []));
  await expect(attachControllers(world, ['c1'])).rejects.toMatchObject({
    code: 'LMP-224',
    message: expect.stringContaining('c1 did not become live'),
  });
});

it('says which controller did not go', async () => {
  const world = await fakeWorld(new FakeGuest(twoPaths()));
  await expect(detachController(world, 'c0')).rejects.toMatchObject({ code: 'LMP-225' });
});
