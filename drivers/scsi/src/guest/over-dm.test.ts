// SPDX-License-Identifier: GPL-2.0-only
import { orderIn, parseTrace } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsiTopology } from '../topology.js';
import { lowerTopology } from './lower.js';
import { tableParams } from './over-dm.js';
import { requestedIn } from './trace.js';

describe('a table of dm-multipath', () => {
  it('has a group for each path, or one of all', () => {
    expect(tableParams(['8:0', '8:16'], { policy: 'numa', delaySecs: 5 })).toBe(
      '3 queue_if_no_path queue_mode bio 0 2 1 round-robin 0 1 1 8:0 1 round-robin 0 1 1 8:16 1',
    );
    expect(tableParams(['8:0', '8:16'], { policy: 'round-robin', delaySecs: 0, handler: 'alua' })).toBe(
      '2 queue_mode bio 1 alua 1 1 round-robin 0 2 1 8:0 1 8:16 1',
    );
  });
});

describe('the trace of a guest', () => {
  const { events } = parseTrace(
    [
      ' mpath-agent-1 [000] ..... 5.000001: block_getrq: 8,0 R 8192 + 8 [mpath-agent]',
      ' mpath-agent-1 [000] ..... 5.000002: block_getrq: 8,16 RS 8208 + 8 none,0,0 [mpath-agent]',
      ' kworker-7 [001] ..... 6.000001: console: device-mapper: multipath: queue_if_no_path timeout on 254:0, failing queued IO',
      ' mpath-agent-1 [000] ..... 7.000001: tracing_mark_write: mpath returned',
    ].join('\n'),
  );

  it('tells requests by disk and sector, on older and newer kernels', () => {
    expect(requestedIn(events)).toEqual([
      { device: '8:0', sector: 8_192 },
      { device: '8:16', sector: 8_208 },
    ]);
  });

  it('tells the end of the wait and a return, in their order', () => {
    expect(orderIn(events)).toEqual(['expired', 'returned']);
  });
});

it('disks of QEMU show one file under dm, and one each otherwise; one may be slow', () => {
  const paths = { a: { requestsPerSecond: 40 }, b: {} };
  const blocks = (over: string) => lowerTopology(scsiTopology.parse({ over, paths })).blocks;
  const sizeBytes = 32 << 20;
  expect(blocks('dm')).toEqual([
    { id: 'disk-a', sizeBytes, requestsPerSecond: 40 },
    { id: 'disk-b', sizeBytes, of: 'disk-a' },
  ]);
  expect(blocks('nothing').map(({ of }) => of)).toEqual([undefined, undefined]);
});

describe('the machine of an array that is part of the kernel', () => {
  it('is the same for every topology of it', () => {
    const one = lowerTopology(scsiTopology.parse({ array: 'scsi_debug', paths: ['a'] }));
    expect(lowerTopology(scsiTopology.parse({ array: 'scsi_debug', paths: ['a', 'b'] }))).toEqual(one);
    expect(one.modules).toEqual(['sd_mod', 'scsi_debug']);
    expect(lowerTopology(scsiTopology.parse({ array: 'lio', over: 'dm', alua: true, paths: ['a'] })).modules).toEqual([
      'scsi_dh_alua',
      'sd_mod',
      'configfs',
      'target_core_mod',
      'tcm_loop',
      'dm_multipath',
      'dm_round_robin',
    ]);
  });

  it.each([
    [{ array: 'scsi_debug', units: { u: { sizeMiB: 64 } }, paths: ['a'] }, 'disks of 8 MiB'],
    [{ array: 'scsi_debug', paths: ['a', 'b', 'c', 'd', 'e'] }, '4 hosts'],
    [{ array: 'scsi_debug', paths: { a: { ids: [] } } }, 'names itself'],
    [{ array: 'lio', paths: { a: { host: 'h' }, b: { host: 'h' } } }, 'give it one path'],
    [{ array: 'lio', paths: { a: { ids: [] } } }, 'serial number of the unit'],
  ])('is refused where the array has no such unit: %j', (given, message) => {
    expect(() => lowerTopology(scsiTopology.parse(given))).toThrow(message);
  });
});
