// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  E,
  libV3,
  list_entries,
  settle,
  sysfs_read,
  sysfs_write,
  type Json,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { NVME_SC_HOST_PATH_ERROR } from '../environment/constants.js';
import { change_hw } from '../environment/hardware.js';
import { mainlineModels } from '../mainline/models.js';
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
import { modelAwaitRead, modelResultOf, modelStartRead } from '../model/reads.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { libraryModel } from '../library-models.js';
import type { NvmeConversion } from './library.js';
import { nvme_set_iopolicy } from './module-parameter.js';
import { attach, detach, read, revision, run, seeded, use, type Profile } from './testing/user.js';
import { conversionV1 } from './v1/conversion.js';
import { conversionV2 } from './v2/conversion.js';
import { conversionV3 } from './v3/conversion.js';

const [mainline]: readonly Profile[] = mainlineModels.filter(({ name }) => name === '7.3');
if (mainline === undefined) throw new Error('there is no model of 7.3');

const conversions = ['v1', 'v2', 'v3', 'fixed'].map(revision);

/** What 7.3 shows, then what the revision shows. */
const onBoth = (profile: Profile, body: (world: NvmeModelWorld) => Steps<Json>): Json[] =>
  [mainline, profile].map((one) => use(one, body));

describe.each(conversions)('NVMe over $name', (profile) => {
  it('steals the bio of a request that failed on its path back to the head, and counts it', () => {
    const both = onBoth(profile, function* (world) {
      yield* attach(world, 'c0', 'c1');
      yield* modelSetIopolicy(world, { policy: 'round-robin' });
      yield* settle();
      slotOf(world, 'c0').hw.nextStatus.push(NVME_SC_HOST_PATH_ERROR);
      const result = yield* read(world, 'r');
      return [result, findPaths(world).map(({ ns }) => ns.failover.counter)];
    });
    expect(both[1]).toEqual(both[0]);
    expect(both[1]).toEqual([
      ['ok', ['c0', 'c0']],
      [1, 0],
    ]);
  });

  it('shows the controller’s count of requests while the policy is queue-depth, and only then', () => {
    const both = onBoth(profile, function* (world) {
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

  it('takes a link away with its path and makes it again with the next', () => {
    const both = onBoth(profile, function* (world) {
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
});

describe('two paths that came and went', () => {
  const left = (profile: Profile): { value: Json | undefined; reports: string[]; jiffies: number } => {
    const { value, machine, reports } = run(profile, function* (world) {
      const { core } = world;
      yield* attach(world, 'c0', 'c1');
      yield* read(world, 'r');
      yield* detach(world, 'c1', 'c0');
      yield* settle();
      return [
        list_entries(core.nvme_subsystems).length,
        core.nvme_instance_ida.used.size,
        core.nvme_ns_chr_minor_ida.used.size,
        core.this_module.refcnt,
      ];
    });
    return { value, reports: reports.map(({ message }) => message), jiffies: machine.clock.jiffies };
  };

  it.each([mainline, ...['v2', 'v3', 'fixed'].map(revision)])(
    'leave nothing behind: no subsystem, no number, no reference: $name',
    (profile) => {
      expect(left(profile)).toEqual({ value: [0, 0, 0, 0], reports: [], jiffies: 0 });
    },
  );

  it('leave a kicked work in freed memory on v1 (R-06): nobody flushes it', () => {
    const { value, reports } = left(revision('v1'));
    expect(value).toEqual([0, 0, 0, 0]);
    expect(reports).toEqual([
      'ODEBUG: free active (active state 0) object type: work_struct hint: requeue_work',
      'KASAN: slab-use-after-free in kworker/mpath_head#1.requeue_work',
    ]);
  });
});

describe('two reads at the same time under queue-depth', () => {
  /** Commands that each controller has while none completes. */
  const spread = (profile: Profile): Json =>
    use(profile, function* (world) {
      yield* attach(world, 'c0', 'c1');
      yield* modelSetIopolicy(world, { policy: 'queue-depth' });
      yield* settle();
      const all = ['c0', 'c1'].map((label) => slotOf(world, label).hw);
      for (const hw of all) yield* change_hw('stall', hw, (it) => (it.stalled = true));
      for (const as of ['r1', 'r2']) yield* modelStartRead(world, { as, cpu: 0 });
      yield* settle([]);
      const lengths = all.map(({ sq }) => sq.length);
      for (const hw of all) yield* change_hw('go on', hw, (it) => (it.stalled = false));
      for (const name of ['r1', 'r2']) yield* modelAwaitRead(world, { read: name });
      return lengths;
    });

  it.each([mainline, ...['v2', 'v3', 'fixed'].map(revision)])('take two paths on $name', (profile) => {
    expect(spread(profile)).toEqual([1, 1]);
  });

  it('take the first on v1: the library reads a counter that nobody counts up', () => {
    expect(spread(revision('v1'))).toEqual([2, 0]);
  });
});

describe('the module parameter iopolicy', () => {
  const taken = (conversion: NvmeConversion, name: string): Json =>
    use(revision(name), function* ({ core }) {
      const results: Json[] = [];
      for (const val of ['numax', 'queue-depth', 'round-robin\n', 'none', null]) {
        results.push([yield* nvme_set_iopolicy(conversion, core, val), core.iopolicy]);
      }
      return results;
    });
  const [EINVAL, numa, alternate, depth] = [-E.EINVAL, 0, 1, 2];
  const rest = [
    [0, depth],
    [0, alternate],
    [EINVAL, alternate],
    [EINVAL, alternate],
  ];

  it('takes whatever begins with a name on v1 and v2, and the name alone on v3', () => {
    expect(taken(conversionV1, 'v1')).toEqual([[0, numa], ...rest]);
    expect(taken(conversionV2, 'v2')).toEqual([[0, numa], ...rest]);
    expect(taken(conversionV3(libV3), 'v3')).toEqual([[EINVAL, numa], ...rest]);
  });
});

describe('the same policy written again', () => {
  const shown = (profile: Profile): Json =>
    use(profile, function* (world) {
      yield* attach(world, 'c0');
      yield* read(world, 'r');
      const kobj = findSubsystem(world)?.dev.kobj;
      const stored = kobj === undefined ? -1 : yield* sysfs_write(kobj, 'iopolicy', 'numa\n');
      return [stored, yield* modelNumaNodes(world)];
    });

  it.each([mainline, revision('v1')])('is nothing on $name', (profile) => {
    expect(shown(profile)).toEqual([5, { c0: '0\n' }]);
  });

  it.each(['v2', 'v3', 'fixed'].map(revision))('makes $name forget every choice', (profile) => {
    expect(shown(profile)).toEqual([5, { c0: '\n' }]);
  });
});

describe('a path that returns to a waiting read', () => {
  const outcomes = (profile: Profile): string[] => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const body = function* (world: NvmeModelWorld): Steps<Json> {
        yield* attach(world, 'c0');
        yield* modelSetDelayedRemoval(world, { seconds: 10 });
        yield* detach(world, 'c0');
        yield* modelStartRead(world, { as: 'r', cpu: 0 });
        yield* settle();
        yield* attach(world, 'c1');
        yield* modelAwaitRead(world, { read: 'r' });
        expect([yield* modelResultOf(world, 'r'), yield* modelOrder(world)]).toEqual(['ok', ['returned']]);
        return yield* modelCounters(world);
      };
      seen.add(JSON.stringify(use(profile, body, { chooser: seeded(seed) })));
    }
    return [...seen].toSorted((a, b) => (a < b ? -1 : 1));
  };

  it('may serve it on v3 as soon as it is ready; mainline may park the read once more before it is live', () => {
    const mended = libraryModel(['diag-attributes-find-head']);
    expect(outcomes(mainline)).toEqual(['{"requeued":1,"failed":0}', '{"requeued":2,"failed":0}']);
    expect(outcomes(mended)).toEqual(['{"requeued":1,"failed":0}']);
  });
});

describe('the module reference of a head that waits to be removed', () => {
  const counted = (profile: Profile): Json => {
    const { value, reports } = run(profile, function* (world) {
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
    return [value ?? null, reports.map(({ message }) => message)];
  };
  const order = ['returned', 'awaiting', 'expired'];

  it.each([mainline, ...['v2', 'v3', 'fixed'].map(revision)])('is there as long, and no longer: $name', (profile) => {
    expect(counted(profile)).toEqual([[[0, 1, 0, 1, 0], { present: false }, order], []]);
  });

  it('is put on v1 and never was taken (R-05): drv_module is not set', () => {
    const underflow = 'WARNING: module_put: reference count of nvme_core underflows';
    // What else is reported is R-06: the library's works are freed as they run.
    expect(counted(revision('v1'))).toEqual([
      [[0, 0, 0, 0, 0], { present: false }, order],
      expect.arrayContaining([underflow]),
    ]);
  });
});

describe('the last path goes while the disk is open', () => {
  const removed = (profile: Profile): Json =>
    use(profile, function* (world) {
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
      return [open, isRemoved, list_entries(world.core.nvme_subsystems).length];
    });

  it.each([mainline, ...['v1', 'v2', 'fixed'].map(revision)])('and its removal returns: $name', (profile) => {
    expect(removed(profile)).toEqual([[true, true], true, 0]);
  });

  it('and its removal waits for the close: v3', () => {
    expect(removed(revision('v3'))).toEqual([[false, true], true, 0]);
  });
});
