// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { FakeGuest } from '../testing/fake-guest.js';
import { fakeWorld } from '../testing/fake-world.js';
import { remap, traceText } from '../testing/trace-text.js';
import { remapOf } from './remap.js';
import { sentRecords } from './sent-records.js';

const files = (): Map<string, string> => new Map([['/proc/diskstats', ' 254 1 mpath1 0\n 259 0 nvme3c3n1 0\n']]);
const text = traceText([remap('259:0', 8), remap('254:1', 8)]);

test('what the device mapper sends to the disk below a namespace is left out, and only that', async () => {
  const world = await fakeWorld(new FakeGuest(files()), text);
  const [namespace] = world.topology.namespaces;
  if (namespace === undefined) throw new Error('the topology has a namespace');
  const mapped = { ...world, topology: { ...world.topology, namespaces: [{ ...namespace, mapped: true }] } };
  const to = async (from: typeof world) => (await sentRecords(from)).map((record) => remapOf(record)?.to);
  expect(await to(mapped)).toEqual(['259:0']);
  expect(await to(world)).toEqual(['259:0', '254:1']);
});
