// SPDX-License-Identifier: GPL-2.0-only
import { E, settle, type blk_zone, type Steps } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { nvmeDriver } from './driver.js';
import { NVME_CTRL_RESETTING } from './environment/constants.js';
import { findHead } from './model/disks.js';
import { beginReset } from './model/path-verbs.js';
import { slotOf, type NvmeModelWorld } from './model/world.js';
import { attach, run } from './template/testing/user.js';

const ZONE_SECTORS = 32_768;

/** The head's report, from a sector on. @returns what the method gave, and the zones */
function* reported(world: NvmeModelWorld, sector: number, most: number): Steps<{ result: number; zones: blk_zone[] }> {
  const disk = findHead(world);
  const report = disk?.fops.report_zones;
  if (disk === undefined || report === undefined) throw new Error('the head has no report_zones');
  const zones: blk_zone[] = [];
  const result = yield* report(disk, sector, most, {
    *cb(zone) {
      zones.push(zone);
      return 0;
    },
  });
  return { result, zones };
}

const zoned = (world: NvmeModelWorld): void => {
  for (const slot of world.slots.values()) for (const { media } of slot.namespaces) media.zoneSectors = ZONE_SECTORS;
};

describe.each(['6.1', '7.3', 'v1', 'v2', 'v3', 'fixed'])('report_zones of the head on %s', (name) => {
  const profile = nvmeDriver.models.find((model) => model.name === name);
  if (profile === undefined) throw new Error(`there is no ${name}`);

  it('gives the zones of the path that a bio would take, from the zone of the sector on', () => {
    const { value, reports } = run(profile, function* (world) {
      zoned(world);
      yield* attach(world, 'c0', 'c1');
      return yield* reported(world, ZONE_SECTORS + 5, 2);
    });
    expect(reports).toEqual([]);
    expect(value).toEqual({
      result: 2,
      zones: [1, 2].map((at) => ({ start: at * ZONE_SECTORS, len: ZONE_SECTORS, wp: at * ZONE_SECTORS })),
    });
  });

  it('says what the path says where that has no zones', () => {
    const { value } = run(profile, function* (world) {
      yield* attach(world, 'c0');
      return yield* reported(world, 0, 1);
    });
    expect(value).toEqual({ result: -E.EINVAL, zones: [] });
  });

  it('asks no other path and waits for none', () => {
    const { value } = run(profile, function* (world) {
      zoned(world);
      yield* attach(world, 'c0');
      yield* beginReset(world, 'c0');
      yield* settle([]);
      return { state: slotOf(world, 'c0').drvdata?.state, ...(yield* reported(world, 0, 1)) };
    });
    expect(value).toEqual({ state: NVME_CTRL_RESETTING, result: -E.EWOULDBLOCK, zones: [] });
  });
});
