// SPDX-License-Identifier: GPL-2.0-only
import {
  flush_work,
  get_capacity,
  list_entries,
  load,
  mpath_head,
  msleep,
  set_bit,
  type BatteryTopology,
  type Steps,
} from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { NVME_CTRL_FROZEN } from '../environment/constants.js';
import { subsystem_of } from '../environment/nvme-subsystem.js';
import { attach_at_once_6_2 } from '../environment/pci.js';
import { profile_7_3 } from '../mainline/profiles.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { revision, use } from '../template/testing/user.js';
import { kernelRun } from '../testing/kernel-run.js';
import { nvmeBattery } from './port.js';

const shape: BatteryTopology = {
  paths: 2,
  attached: [],
  unusable: [],
  nodes: [0],
  pathNodes: [],
  policy: 'numa',
  delayedRemovalSecs: 0,
  sectors: 2_048,
  shared: true,
  without: [],
  allocationsFail: false,
};

/** Every scan that was asked for is over. */
function* settled(world: NvmeModelWorld): Steps<void> {
  for (const slot of world.slots.values()) {
    const ctrl = yield* load(slot, 'drvdata');
    if (ctrl !== null) yield* flush_work(ctrl.scan_work);
  }
}

it('a namespace that changes its size tells the head, through every path that is there', () => {
  const { value, reports } = kernelRun(profile_7_3, nvmeBattery.topology(shape), function* (world) {
    yield* nvmeBattery.addPath(world, 0);
    yield* nvmeBattery.setCapacity?.(world, 4_096) ?? [];
    yield* settled(world);
    const [head] = nvmeBattery.heads(world);
    const disk = head?.disk ?? null;
    return disk === null ? null : yield* get_capacity(disk);
  });
  expect(value).toBe(4_096);
  expect(reports).toEqual([]);
});

it('7.3: a probe that fails within the window of a removal ends it, and the disk stays where no path finds it', () => {
  const { value, reports } = kernelRun(profile_7_3, nvmeBattery.topology(shape), function* (world) {
    yield* nvmeBattery.addPath(world, 0);
    yield* nvmeBattery.setDelayedRemoval?.(world, 5) ?? [];
    yield* nvmeBattery.removePath(world, 0);
    const slot = slotOf(world, 'c1');
    yield* attach_at_once_6_2(slot);
    const ctrl = yield* load(slot, 'drvdata');
    if (ctrl === null) return null;
    yield* flush_work(ctrl.reset_work);
    // As a reset sets it that begins meanwhile: nvme_alloc_ns() refuses the path, which has joined.
    yield* set_bit(NVME_CTRL_FROZEN, ctrl, 'flags');
    yield* flush_work(ctrl.scan_work);
    const { nsheads } = subsystem_of(ctrl);
    yield* msleep(10_000);
    const [head] = nvmeBattery.heads(world);
    return { found: list_entries(nsheads).length, live: head?.live, paths: head && list_entries(head.paths).length };
  });
  expect(reports).toEqual([]);
  expect(value).toEqual({ found: 0, live: true, paths: 0 });
});

it.each([
  ['v3', false],
  ['fixed', true],
] as const)('a driver that never says which module it is, on %s: the library knows it: %s', (name, knows) => {
  const profile = nvmeBattery.variant?.(revision(name), ['drv_module']);
  if (profile === undefined) throw new Error(`${name} has no such model`);
  const known = use(profile, function* (world) {
    yield* nvmeBattery.addPath(world, 0);
    const [head] = nvmeBattery.heads(world);
    return head?.object instanceof mpath_head && head.object.drv_module === world.core.this_module;
  });
  expect(known).toBe(knows);
});
