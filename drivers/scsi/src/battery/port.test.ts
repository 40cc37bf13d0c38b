// SPDX-License-Identifier: GPL-2.0-only
import {
  bareShape,
  bio,
  checkDriver,
  list_entries,
  Machine,
  sample,
  settle,
  virtualTime,
  withCurrent,
  type BatteryTopology,
  type Program,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsiDriver } from '../driver.js';
import type { ScsiModelWorld } from '../model/world.js';
import { scsiBattery as port } from './port.js';

const shape: BatteryTopology = { ...bareShape, sectors: 65_536 };

const rulesOf = (revision: string): string[] =>
  checkDriver(scsiDriver, { revisions: [revision] }).findings.map(({ rule }) => rule);

describe('the rules of the library, one thing at a time', () => {
  it('are all kept by fixed', () => {
    expect(rulesOf('fixed')).toEqual([]);
  });

  it('are kept by v2 and v3 but for the kick of a path that returns and the grace period after the unlink', () => {
    for (const revision of ['v2', 'v3'])
      expect(rulesOf(revision)).toEqual(['kick-on-return', 'removal-grace-before-free']);
  });

  it('are kept less by v1, which unlinks a path that it calls usable and frees a head with a work pending', () => {
    expect(rulesOf('v1')).toEqual(['removal-disable', 'removal-grace-before-free', 'clean-run']);
  });

  it('are each mended by its own remedy', () => {
    const names = ['running-path-kicks', 'removal-waits-after-unlink'];
    const model = scsiDriver.libraryModel?.(names);
    if (model === undefined) throw new Error('no model');
    expect(checkDriver({ ...scsiDriver, models: [model] }).findings).toEqual([]);
  });
});

/** Carries out verbs in a task of their own, until everybody is at rest. */
const run = <T>(revision: string, body: (world: ScsiModelWorld) => Steps<T>, given = shape): T => {
  const profile = scsiDriver.models.find(({ name }) => name === revision);
  if (profile === undefined) throw new Error(`no ${revision}`);
  const topology = port.topology(given);
  const machine = new Machine({ numa: profile.numa(topology), maxSteps: 400_000 });
  const world = withCurrent(machine, undefined, () => profile.makeWorld(topology));
  const found: { value: T }[] = [];
  machine.spawn('verbs', function* () {
    found.push({ value: yield* body(world) });
  });
  machine.run(virtualTime());
  const [result] = found;
  if (result === undefined) throw new Error('the verbs did not end');
  expect(machine.reports.map(({ message }) => message)).toEqual([]);
  return result.value;
};

const pathsOf = (world: ScsiModelWorld): number[] => port.heads(world).map(({ paths }) => list_entries(paths).length);

describe.each(['v2', 'v3', 'fixed'])('the verbs on %s', (revision) => {
  it('add and remove paths, twice without harm, and leave nothing', () => {
    const seen = run(revision, function* (world) {
      const counts: number[][] = [];
      const note = (): void => void counts.push(pathsOf(world));
      for (const path of [0, 1, 1]) yield* port.addPath(world, path);
      note();
      yield* port.removePath(world, 0);
      yield* port.removePath(world, 0);
      note();
      yield* port.removePath(world, 1);
      yield* settle();
      note();
      return { counts, left: port.remains?.(world).length };
    });
    expect(seen).toEqual({ counts: [[2], [1], []], left: 0 });
  });

  it('take a path off again whose probe fails', () => {
    const seen = run(revision, function* (world) {
      yield* port.addPath(world, 0);
      yield* port.failProbe?.(world, 1) ?? settle();
      yield* settle();
      return pathsOf(world);
    });
    expect(seen).toEqual([1]);
  });

  it('say what is usable, and write policy and delay; without a head there is nothing to write to', () => {
    const seen = run(revision, function* (world) {
      const before = yield* port.setPolicy?.(world, 'round-robin') ?? never();
      yield* port.addPath(world, 0);
      yield* settle();
      const usable = (): boolean[] =>
        port.heads(world).flatMap(({ paths }) => list_entries(paths).map((dev) => port.isUsable(world, dev)));
      const policy = yield* port.setPolicy?.(world, 'round-robin') ?? never();
      const delay = yield* port.setDelayedRemoval?.(world, 5) ?? never();
      const states = [usable()];
      yield* port.setUsable?.(world, 0, false) ?? settle();
      states.push(usable());
      yield* port.setUsable?.(world, 0, true) ?? settle();
      states.push(usable());
      return { before, policy, delay, states };
    });
    expect(seen).toEqual({ before: -2, policy: 0, delay: 0, states: [[true], [false], [true]] });
  });
});

function* never(): Steps<number> {
  throw new Error('the port lost a verb');
}

it.each([
  ['v1', ['a clone', 'none']],
  ['v3', ['a clone']],
])('the clone of a bio on %s, where memory is short: %j', (revision, expected) => {
  const profile = scsiDriver.models.find(({ name }) => name === revision);
  if (profile === undefined) throw new Error(`no ${revision}`);
  const topology = port.topology(shape);
  const given = new Set<string>();
  const program: Program = {
    name: revision,
    options: { numa: profile.numa(topology), failable: [{ kind: 'bio' }] },
    make: (machine) => {
      const world = profile.makeWorld(topology);
      machine.spawn('user', function* () {
        yield* port.addPath(world, 0);
        const [head] = port.heads(world);
        // A template, whose callback is read as the library calls it.
        const { clone_bio } = Reflect.get(head?.object ?? {}, 'mpdt') as {
          readonly clone_bio?: (original: bio) => Steps<bio | null>;
        };
        if (head === undefined || clone_bio === undefined) throw new Error('there is no clone_bio');
        const clone = yield* clone_bio(new bio(head.disk === null ? {} : { bi_bdev: head.disk.part0 }));
        given.add(clone === null ? 'none' : 'a clone');
      });
      return { outcome: () => null };
    },
  };
  sample(program, { method: 'pos', seed: 1, schedules: 16 });
  expect([...given].sort()).toEqual(expected);
});

it('makes no head of a unit that is not shared', () => {
  const seen = run(
    'v3',
    function* (world) {
      yield* port.addPath(world, 0);
      return pathsOf(world);
    },
    { ...shape, paths: 1, shared: false },
  );
  expect(seen).toEqual([]);
});

it('has no shape for a released kernel, and no variant without what SCSI never has', () => {
  const [released, ...others] = scsiDriver.models;
  if (released === undefined) throw new Error('no model');
  expect(port.unsupported?.(released, shape)).toMatch(/no released kernel/);
  const v3 = others.find(({ name }) => name === 'v3');
  if (v3 === undefined) throw new Error('no v3');
  expect(port.variant?.(v3, ['add_cdev'])).toBeUndefined();
  expect(port.variant?.(v3, ['remove_head'])?.name).toBe('v3');
});
