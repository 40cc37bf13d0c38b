// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { virtioTopology } from '../topology.js';
import { lowerTopology } from './lower.js';

it('gives every disk a port of its own, one serial, and the file of the first', () => {
  const topology = virtioTopology.parse({ disks: ['p0', 'p1'], serial: 's', sizeMiB: 1, 'bad-block': { p1: 3 } });
  const { ports, blocks, devices } = lowerTopology(topology);
  expect(ports.map(({ id }) => id)).toEqual(['port-p0', 'port-p1']);
  expect(blocks).toEqual([
    { id: 'block-p0', sizeBytes: 1 << 20 },
    { id: 'block-p1', sizeBytes: 1 << 20, of: 'block-p0', failingSector: 24 },
  ]);
  expect(devices.map(({ props }) => [props['serial'], props['bus']])).toEqual([
    ['s', 'port-p0'],
    ['s', 'port-p1'],
  ]);
});

it.each([
  [{ disks: [] }, /at least|>=1|Too small/i],
  [{ disks: ['p0', 'p0'] }, /named twice/],
  [{ disks: ['p0'], 'bad-block': { p1: 1 } }, /no disk is labelled p1/],
  [{ disks: ['p0'], serial: 'longer than twenty bytes' }, /20|Too big/i],
])('refuses the topology %j', (given, says) => {
  const parsed = virtioTopology.safeParse(given);
  expect(parsed.success ? '' : parsed.error.message).toMatch(says);
});
