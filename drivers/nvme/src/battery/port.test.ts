// SPDX-License-Identifier: GPL-2.0-only
import {
  bareShape,
  currentMachine,
  flush_work,
  get_capacity,
  list_entries,
  load,
  mpath_head,
  msleep,
  set_bit,
  settle,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  type KObject,
  type Steps,
} from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { NVME_CTRL_FROZEN } from '../environment/constants.js';
import { subsystem_of } from '../environment/nvme-subsystem.js';
import { attach_at_once_6_2 } from '../environment/pci.js';
import { profile_7_3 } from '../mainline/profiles.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { nvmeDriver } from '../driver.js';
import { madeOf } from '../environment/registry.js';
import { revision, run, use, type Ended } from '../template/testing/user.js';
import { kernelRun } from '../testing/kernel-run.js';
import { nvmeBattery } from './port.js';

/** Runs the body on a revision or a kernel, by its name. */
const ranOn = <T>(name: string, body: (world: NvmeModelWorld) => Steps<T>): Ended<T> => {
  const model = nvmeDriver.models.find((one) => one.name === name);
  if (model === undefined) throw new Error(`there is no ${name}`);
  return run(model, body, { topology: nvmeBattery.topology(bareShape) });
};

/** Every scan that was asked for is over. */
function* settled(world: NvmeModelWorld): Steps<void> {
  for (const slot of world.slots.values()) {
    const ctrl = yield* load(slot, 'drvdata');
    if (ctrl !== null) yield* flush_work(ctrl.scan_work);
  }
}

it('a namespace that changes its size tells the head, through every path that is there', () => {
  const { value, reports } = kernelRun(profile_7_3, nvmeBattery.topology(bareShape), function* (world) {
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
  const { value, reports } = kernelRun(profile_7_3, nvmeBattery.topology(bareShape), function* (world) {
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

it.each(['6.1', '6.12', '7.3', 'v1', 'v2', 'v3', 'fixed'])(
  '%s: a path whose probe fails after it joined is off its head again, and nothing of it is left',
  (name) => {
    const { value, reports } = ranOn(name, function* (world) {
      yield* nvmeBattery.addPath(world, 0);
      yield* nvmeBattery.failProbe?.(world, 1) ?? [];
      yield* settled(world);
      return nvmeBattery.heads(world).map(({ paths }) => list_entries(paths).length);
    });
    expect(reports).toEqual([]);
    expect(value).toEqual([1]);
  },
);

it.each([
  ['6.1', 'freed under the reader'],
  ['6.12', 'waits for the reader'],
  ['7.3', 'waits for the reader'],
  ['v1', 'freed under the reader'],
  ['v2', 'freed under the reader'],
  ['v3', 'freed under the reader'],
  ['fixed', 'waits for the reader'],
] as const)('%s: a path whose probe fails, and somebody stands on it: %s', (name, expected) => {
  let paths: readonly KObject[] = [];
  const { value } = ranOn(name, function* (world) {
    yield* nvmeBattery.addPath(world, 0);
    const [head] = nvmeBattery.heads(world);
    const srcu: unknown = head === undefined ? undefined : Reflect.get(head.object, 'srcu');
    if (head === undefined || !(srcu instanceof srcu_struct)) return 'there is no head';
    const idx = yield* srcu_read_lock(srcu);
    currentMachine().spawn('prober', () => nvmeBattery.failProbe?.(world, 1) ?? settle([]));
    yield* settle([]);
    paths = madeOf(world.core).paths;
    const stands = paths.some(({ alloc }) => alloc.freed) ? 'freed under the reader' : 'waits for the reader';
    yield* srcu_read_unlock(srcu, idx);
    yield* settle([]);
    return stands;
  });
  expect(value).toBe(expected);
  expect(paths.filter(({ alloc }) => !alloc.freed)).toHaveLength(1);
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
