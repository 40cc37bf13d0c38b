// SPDX-License-Identifier: GPL-2.0-only
import { disk_stats, settle, type DiskStats } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { nvmeDriver } from './driver.js';
import { NVME_SC_HOST_PATH_ERROR } from './environment/constants.js';
import { findHead } from './model/disks.js';
import { stallCommands } from './model/path-verbs.js';
import { modelAwaitRead, modelStartRead } from './model/reads.js';
import { slotOf, type NvmeModelWorld } from './model/world.js';
import { attach, read, run, type Profile } from './template/testing/user.js';

const profileOf = (name: string): Profile => {
  const found = nvmeDriver.models.find((model) => model.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};

const statsOf = (world: NvmeModelWorld): DiskStats => {
  const disk = findHead(world);
  if (disk === undefined) throw new Error('there is no head');
  return disk_stats(disk);
};

const none: DiskStats = { reads: 0, sectorsRead: 0, writes: 0, sectorsWritten: 0, timeMs: 0, inFlight: 0 };

/** Two reads, the first of which fails over once. */
const afterReads = (name: string): DiskStats | undefined =>
  run(profileOf(name), function* (world) {
    yield* attach(world, 'c0', 'c1');
    const before = statsOf(world);
    slotOf(world, 'c0').hw.nextStatus.push(NVME_SC_HOST_PATH_ERROR);
    yield* read(world, 'a');
    yield* read(world, 'b');
    const { reads, sectorsRead, writes, sectorsWritten, timeMs, inFlight } = statsOf(world);
    return {
      reads: reads - before.reads,
      sectorsRead: sectorsRead - before.sectorsRead,
      writes,
      sectorsWritten,
      timeMs,
      inFlight,
    };
  }).value;

describe('the head’s own statistics', () => {
  it('count what was sent through it, each time that a path ended it', () => {
    for (const name of ['6.10', '6.12', '7.3', 'v1', 'v2', 'v3', 'fixed'])
      expect([name, afterReads(name)]).toEqual([name, { ...none, reads: 3, sectorsRead: 24 }]);
  });

  it('do not exist before 6.4, and up to 6.9 a command that failed over is never counted as over', () => {
    expect(afterReads('6.1')).toEqual(none);
    for (const name of ['6.4', '6.8', '6.9'])
      expect([name, afterReads(name)]).toEqual([name, { ...none, reads: 2, sectorsRead: 16, inFlight: 1 }]);
  });

  it('show what is in flight', () => {
    const { value } = run(profileOf('7.3'), function* (world) {
      yield* attach(world, 'c0');
      yield* stallCommands(world, 'c0', true);
      yield* modelStartRead(world, { as: 'a', cpu: 0 });
      yield* settle([]);
      const during = statsOf(world).inFlight;
      yield* stallCommands(world, 'c0', false);
      yield* modelAwaitRead(world, { read: 'a' });
      return [during, statsOf(world).inFlight];
    });
    expect(value).toEqual([1, 0]);
  });
});
