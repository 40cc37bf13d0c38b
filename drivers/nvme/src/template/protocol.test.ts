// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  libV3,
  list_entries,
  Machine,
  settle,
  sysfs_read,
  sysfs_write,
  virtualTime,
  withCurrent,
  type Chooser,
  type Json,
  type ModelProfile,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { NVME_SC_HOST_PATH_ERROR } from '../environment/constants.js';
import { mainlineModels } from '../mainline/models.js';
import { environment_7_3 } from '../mainline/profiles.js';
import { modelAttach, modelDetach } from '../model/controllers.js';
import {
  findHead,
  findPaths,
  findSubsystem,
  modelCounters,
  modelHead,
  modelLinks,
  modelNumaNodes,
} from '../model/disks.js';
import { modelAwaitRemoval, modelHold, modelOrder, modelRelease, modelSetDelayedRemoval } from '../model/head.js';
import { modelSetIopolicy } from '../model/policy.js';
import { modelAwaitRead, modelPathsOf, modelRead, modelResultOf, modelStartRead } from '../model/reads.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import type { NvmeTopology } from '../topology.js';
import { libraryModel } from './model.js';

type Profile = ModelProfile<NvmeTopology, NvmeModelWorld>;

const v3: Profile = libraryModel(libV3, environment_7_3);
const profiles: readonly Profile[] = [...mainlineModels.filter(({ name }) => name === '7.3'), v3];

const topology: NvmeTopology = {
  nodes: 1,
  controllers: [{ label: 'c0' }, { label: 'c1' }],
  namespaces: [{ nsid: 1, shared: true, sizeMiB: 64, on: ['c0', 'c1'] }],
};

/** Any task at each step, as a seed decides (32 bits: a linear congruence); timers when nothing else can run. */
const seeded = (seed: number): Chooser => {
  let state = seed;
  return {
    pick: (enabled) => {
      const awake = enabled.filter(({ kind }) => kind !== 'timer');
      const from = awake.length > 0 ? awake : enabled;
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return from[Math.floor((state / 2 ** 32) * from.length)];
    },
  };
};

/** Runs the body as the user of a fresh world, on virtual time unless another chooser is given. */
const use = <T>(
  profile: Profile,
  body: (world: NvmeModelWorld) => Steps<T>,
  chooser: Chooser = virtualTime(),
): { value: T; machine: Machine } => {
  const machine = new Machine({ numa: profile.numa(topology) });
  const world = withCurrent(machine, undefined, () => profile.makeWorld(topology));
  let result: { value: T } | undefined;
  machine.spawn('user', function* () {
    result = { value: yield* body(world) };
  });
  machine.run(chooser);
  if (result === undefined)
    throw new Error(machine.reports.map(({ message }) => message).join() || 'the user is stuck');
  expect(machine.reports).toEqual([]);
  return { value: result.value, machine };
};

/** What both models show, 7.3 first. */
const onBoth = (body: (world: NvmeModelWorld) => Steps<Json>): Json[] =>
  profiles.map((profile) => use(profile, body).value);

function* attach(world: NvmeModelWorld, ...controllers: string[]): Steps<void> {
  for (const label of controllers) {
    yield* modelAttach(world, { controllers: [label] });
    yield* settle();
  }
}

function* detach(world: NvmeModelWorld, ...controllers: string[]): Steps<void> {
  for (const controller of controllers) yield* modelDetach(world, { controller });
}

function* read(world: NvmeModelWorld, as: string): Steps<Json> {
  yield* modelRead(world, { as, cpu: 0, count: 1, through: undefined });
  return [yield* modelResultOf(world, as), yield* modelPathsOf(world, as)];
}

describe('NVMe over libmultipath', () => {
  it('steals the bio of a request that failed on its path back to the head, and counts it', () => {
    const both = onBoth(function* (world) {
      yield* attach(world, 'c0', 'c1');
      yield* modelSetIopolicy(world, { policy: 'round-robin' });
      yield* settle();
      slotOf(world, 'c0').hw.nextStatus.push(NVME_SC_HOST_PATH_ERROR);
      const result = yield* read(world, 'r');
      const counts: Json[] = [];
      for (const { ns } of findPaths(world))
        counts.push(yield* sysfs_read(ns.disk.device.kobj, 'diag/multipath_failover_count'));
      return [result, counts];
    });
    expect(both[1]).toEqual(both[0]);
    expect(both[1]).toEqual([
      ['ok', ['c0', 'c0']],
      ['1\n', '0\n'],
    ]);
  });

  it('forgets every choice when the same policy is written again; mainline does nothing', () => {
    const [mainline, ours] = onBoth(function* (world) {
      yield* attach(world, 'c0');
      yield* read(world, 'r');
      const kobj = findSubsystem(world)?.dev.kobj;
      const stored = kobj === undefined ? -1 : yield* sysfs_write(kobj, 'iopolicy', 'numa\n');
      return [stored, yield* modelNumaNodes(world)];
    });
    expect(mainline).toEqual([5, { c0: '0\n' }]);
    expect(ours).toEqual([5, { c0: '\n' }]);
  });

  it('counts requests while the policy is queue-depth, and shows the count only then', () => {
    const both = onBoth(function* (world) {
      yield* attach(world, 'c0', 'c1');
      const shown: Json[] = [];
      const look = function* (): Steps<void> {
        for (const { ns } of findPaths(world)) {
          shown.push(yield* sysfs_read(ns.disk.device.kobj, 'queue_depth'), ns.ctrl.nr_active.counter);
        }
      };
      yield* look();
      yield* modelSetIopolicy(world, { policy: 'queue-depth' });
      yield* modelStartRead(world, { as: 'r', cpu: 0 });
      yield* modelAwaitRead(world, { read: 'r' });
      yield* look();
      return shown;
    });
    expect(both[1]).toEqual(both[0]);
    expect(both[1]).toEqual(['', 0, '', 0, '0\n', 0, '0\n', 0]);
  });

  it('may serve a waiting read as soon as the path is ready; mainline may park it once more before it is live', () => {
    const counted = profiles.map((profile) => {
      const requeued = new Set<string>();
      for (let seed = 0; seed < 40; seed++) {
        const { value } = use(
          profile,
          function* (world) {
            yield* attach(world, 'c0');
            yield* modelSetDelayedRemoval(world, { seconds: 10 });
            yield* detach(world, 'c0');
            yield* modelStartRead(world, { as: 'r', cpu: 0 });
            yield* settle();
            yield* attach(world, 'c1');
            yield* modelAwaitRead(world, { read: 'r' });
            expect([yield* modelResultOf(world, 'r'), yield* modelOrder(world)]).toEqual(['ok', ['returned']]);
            return yield* modelCounters(world);
          },
          seeded(seed),
        );
        requeued.add(JSON.stringify(value));
      }
      return [...requeued].toSorted((a, b) => (a < b ? -1 : 1));
    });
    expect(counted).toEqual([
      ['{"requeued":1,"failed":0}', '{"requeued":2,"failed":0}'],
      ['{"requeued":1,"failed":0}'],
    ]);
  });

  it('pins its module while the head waits to be removed, and no longer', () => {
    const both = onBoth(function* (world) {
      const { this_module } = world.core;
      const counts: Json[] = [];
      yield* attach(world, 'c0');
      yield* modelSetDelayedRemoval(world, { seconds: 5 });
      counts.push(this_module.refcnt);
      yield* detach(world, 'c0');
      counts.push(this_module.refcnt);
      yield* attach(world, 'c0');
      counts.push(this_module.refcnt);
      yield* detach(world, 'c0');
      counts.push(this_module.refcnt);
      yield* modelAwaitRemoval(world);
      yield* settle();
      counts.push(this_module.refcnt);
      return [counts, yield* modelHead(world), yield* modelOrder(world)];
    });
    expect(both[1]).toEqual(both[0]);
    expect(both[1]).toEqual([[0, 1, 0, 1, 0], { present: false }, ['returned', 'awaiting', 'expired']]);
  });

  it('takes a link away with its path and makes it again with the next', () => {
    const both = onBoth(function* (world) {
      const seen: Json[] = [];
      yield* attach(world, 'c0', 'c1');
      seen.push(yield* modelLinks(world));
      yield* detach(world, 'c0');
      seen.push(yield* modelLinks(world));
      yield* attach(world, 'c0');
      seen.push(yield* modelLinks(world));
      return seen;
    });
    expect(both[1]).toEqual(both[0]);
    expect(both[1]).toEqual([['c0', 'c1'], ['c1'], ['c0', 'c1']]);
  });

  it('leaves nothing behind: no subsystem, no number, no reference', () => {
    for (const profile of profiles) {
      const { value, machine } = use(profile, function* (world) {
        yield* attach(world, 'c0', 'c1');
        yield* read(world, 'r');
        yield* detach(world, 'c1', 'c0');
        yield* settle();
        return [
          list_entries(world.core.nvme_subsystems).length,
          world.core.nvme_instance_ida.used.size,
          world.core.this_module.refcnt,
        ];
      });
      expect(value).toEqual([0, 0, 0]);
      expect(machine.clock.jiffies).toBe(0);
    }
  });

  it('holds the removal of the last path back until the disk is closed; mainline does not', () => {
    const [mainline, ours] = onBoth(function* (world) {
      let isRemoved = false;
      yield* attach(world, 'c0');
      yield* modelHold(world, { as: 'h' });
      currentMachine().spawn('remover', function* () {
        yield* detach(world, 'c0');
        isRemoved = true;
      });
      yield* settle();
      const open = [isRemoved, findHead(world) === undefined];
      yield* modelRelease(world, { hold: 'h' });
      yield* settle();
      return [open, isRemoved];
    });
    expect(mainline).toEqual([[true, true], true]);
    expect(ours).toEqual([[false, true], true]);
  });
});
