// SPDX-License-Identifier: GPL-2.0-only
import {
  complete,
  completion,
  current,
  currentMachine,
  REQ_OP_READ,
  REQ_OP_WRITE,
  settle,
  wait_for_completion,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NVME_SC_ANA_INACCESSIBLE,
  NVME_SC_ANA_PERSISTENT_LOSS,
  NVME_SC_ANA_TRANSITION,
  NVME_SC_CTRL_PATH_ERROR,
  NVME_SC_HOST_ABORTED_CMD,
  NVME_SC_HOST_PATH_ERROR,
  NVME_SC_INTERNAL_PATH_ERROR,
  NVME_SC_READ_ERROR,
  NVME_SC_SUCCESS,
  NVME_STATUS_DNR,
} from '../environment/constants.js';
import { findHead, findPaths } from '../model/disks.js';
import { modelSetIopolicy } from '../model/policy.js';
import { SECTORS_PER_BLOCK, transfer } from '../model/transfer.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { attach, revision, run, seeded } from './testing/user.js';

const conversions = ['v1', 'v2', 'v3', 'fixed'].map(revision);
const labels = ['c0', 'c1'] as const;

/** Errors of the path: the request fails over. */
const pathErrors = [
  NVME_SC_INTERNAL_PATH_ERROR,
  NVME_SC_ANA_PERSISTENT_LOSS,
  NVME_SC_ANA_INACCESSIBLE,
  NVME_SC_ANA_TRANSITION,
  NVME_SC_CTRL_PATH_ERROR,
  NVME_SC_HOST_PATH_ERROR,
  NVME_SC_HOST_ABORTED_CMD,
];
const final = [...pathErrors, NVME_SC_READ_ERROR].map((status) => status | NVME_STATUS_DNR);
const statuses = fc.array(fc.constantFrom(NVME_SC_SUCCESS, ...pathErrors, ...final), { maxLength: 12 });

/** One process: writes each of its blocks, then says how each write ended. */
function* writer(
  world: NvmeModelWorld,
  disk: gendisk,
  blocks: readonly number[],
  ended: Map<number, string>,
): Steps<void> {
  for (const block of blocks) {
    const { result } = yield* transfer(world, disk, REQ_OP_WRITE, block * SECTORS_PER_BLOCK, `data ${String(block)}`);
    ended.set(block, `${ended.get(block) ?? ''}${result}`);
  }
}

/** Several processes write while the paths fail as told; then what they wrote is read. */
function* load(world: NvmeModelWorld, policy: string, given: readonly (readonly number[])[]): Steps<unknown> {
  yield* attach(world, ...labels);
  yield* modelSetIopolicy(world, { policy });
  yield* settle();
  const disk = findHead(world);
  if (disk === undefined) throw new Error('there is no head');
  labels.forEach((label, index) => slotOf(world, label).hw.nextStatus.push(...(given[index] ?? [])));
  const ended = new Map<number, string>();
  const done = new completion();
  const writers = [0, 1, 2];
  for (const at of writers) {
    currentMachine().spawn(`writer ${String(at)}`, function* () {
      yield* writer(world, disk, [3 * at, 3 * at + 1, 3 * at + 2], ended);
      yield* complete(done);
    });
  }
  for (const _ of writers) yield* wait_for_completion(done);
  const left = labels.map((label) => slotOf(world, label).hw.nextStatus.splice(0));
  const found = new Map<number, string>();
  for (const block of ended.keys()) {
    found.set(block, (yield* transfer(world, disk, REQ_OP_READ, block * SECTORS_PER_BLOCK)).data);
  }
  expect(current().atomicDepth).toBe(0);
  return {
    ended,
    left,
    found,
    paths: findPaths(world).map(({ ns }) => [ns.failover.counter, ns.ctrl.nr_active.counter]),
  };
}

interface Loaded {
  readonly ended: ReadonlyMap<number, string>;
  readonly left: readonly (readonly number[])[];
  readonly found: ReadonlyMap<number, string>;
  readonly paths: readonly (readonly [number, number])[];
}

describe.each(conversions)('failover over $name', (profile) => {
  it('loses and duplicates nothing, whatever errors the paths end with', { timeout: 120_000 }, () => {
    const policies = fc.constantFrom('numa', 'round-robin', 'queue-depth');
    fc.assert(
      fc.property(statuses, statuses, policies, fc.nat(), (first, second, policy, seed) => {
        const given = [first, second];
        const { value, reports } = run(profile, (world) => load(world, policy, given), { chooser: seeded(seed) });
        expect(reports.map(({ message }) => message)).toEqual([]);
        // The body gives nothing else.
        const { ended, left, found, paths } = value as Loaded;
        const met = given.map((all, index) => all.slice(0, all.length - (left[index]?.length ?? 0)));
        const isFinal = (status: number): boolean => (status & NVME_STATUS_DNR) !== 0;
        // Each write ended once, and as many badly as the device said for good.
        expect([...ended.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
        const bad = [...ended.values()].filter((result) => result !== 'ok');
        expect(bad.filter((result) => !['EIO', 'ENOLINK', 'ENODATA'].includes(result))).toEqual([]);
        expect(bad).toHaveLength(met.flat().filter(isFinal).length);
        // Each path error sent its bio back once, and was counted where it happened; nothing is in flight.
        expect(paths).toEqual(
          met.map((seen) => [seen.filter((status) => status !== NVME_SC_SUCCESS && !isFinal(status)).length, 0]),
        );
        const good = [...ended.keys()].filter((block) => ended.get(block) === 'ok');
        expect(good.map((block) => found.get(block))).toEqual(good.map((block) => `data ${String(block)}`));
      }),
      { numRuns: 60 },
    );
  });

  it('completes a path error that has run out of retries in place, and begins to count again after a failover', () => {
    const { value } = run(profile, function* (world) {
      world.core.max_retries = 2;
      yield* attach(world, 'c0');
      const disk = findHead(world);
      if (disk === undefined) throw new Error('there is no head');
      const { hw } = slotOf(world, 'c0');
      const results: string[] = [];
      // Twice in place, then a path error: the retries are used up.
      hw.nextStatus.push(NVME_SC_READ_ERROR, NVME_SC_READ_ERROR, NVME_SC_INTERNAL_PATH_ERROR);
      results.push((yield* transfer(world, disk, REQ_OP_READ, 0)).result);
      // Failovers do not count.
      hw.nextStatus.push(...Array.from({ length: 20 }, () => NVME_SC_HOST_PATH_ERROR));
      results.push((yield* transfer(world, disk, REQ_OP_READ, 0)).result);
      // With none at all every path error is final.
      world.core.max_retries = 0;
      hw.nextStatus.push(NVME_SC_HOST_PATH_ERROR, NVME_SC_INTERNAL_PATH_ERROR);
      for (const _ of [0, 1]) results.push((yield* transfer(world, disk, REQ_OP_READ, 0)).result);
      return [results, findPaths(world).map(({ ns }) => ns.failover.counter)];
    });
    expect(value).toEqual([['EIO', 'ok', 'ENOLINK', 'EIO'], [20]]);
  });
});
