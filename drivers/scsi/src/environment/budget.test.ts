// SPDX-License-Identifier: GPL-2.0-only
import { explore, READ_ONCE, type Program, type Steps } from '@libmultipath/driver-kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { environment_7_3 } from '../kernels.js';
import { plainUnit, qemuNexus } from '../testing/arrays.js';
import { put_token, set_device_blocked, take_request } from './budget.js';
import { scsi_hba } from './hardware/hba.js';
import { blk_mq_insert_request } from './mq-lists.js';
import { no_multipath } from './multipath-ops.js';
import { scsi_cmnd } from './scsi-cmnd.js';
import { scsi_core } from './scsi-core.js';
import { scsi_device } from './scsi-device.js';
import { Scsi_Host } from './scsi-host.js';
import { scsi_target } from './scsi-target.js';

/** What a generated task may do; each gives what it saw. */
const actions = {
  *insert(sdev: scsi_device): Steps<string> {
    yield* blk_mq_insert_request(sdev.request_queue, new scsi_cmnd(sdev, null, null), false);
    return 'inserted';
  },
  *take(sdev: scsi_device): Steps<string> {
    const taken = yield* take_request(sdev.request_queue);
    return typeof taken === 'string' ? taken : 'request';
  },
  *carryOut(sdev: scsi_device): Steps<string> {
    const taken = yield* take_request(sdev.request_queue);
    if (typeof taken === 'string') return taken;
    yield* put_token(sdev);
    return 'done';
  },
  *block(sdev: scsi_device): Steps<string> {
    yield* set_device_blocked(sdev);
    return 'blocked';
  },
  *count(sdev: scsi_device): Steps<string> {
    return String(yield* READ_ONCE(sdev, 'device_busy'));
  },
} satisfies Readonly<Record<string, (sdev: scsi_device) => Steps<string>>>;
type Action = keyof typeof actions;

/** A device that nobody has to find first. */
const deviceOf = (core: scsi_core, depth: number): scsi_device => {
  const target = new scsi_target(new Scsi_Host(core, 0, new scsi_hba(), undefined), 0, 0);
  const sdev = new scsi_device(target, 0, qemuNexus(plainUnit()));
  sdev.queue_depth = depth;
  return sdev;
};

const programOf = (depth: number, tasks: readonly (readonly Action[])[]): Program => ({
  name: 'a queue with few tokens',
  make: (machine) => {
    const core = new scsi_core(environment_7_3, no_multipath);
    const sdev = deviceOf(core, depth);
    const seen = tasks.map((): string[] => []);
    machine.globals.set('sdev', sdev);
    machine.globals.set('seen', seen);
    for (const [n, task] of tasks.entries()) {
      machine.spawn(`t${String(n)}`, function* () {
        for (const action of task) seen[n]?.push(yield* actions[action](sdev));
      });
    }
    const { request_queue: q } = sdev;
    return {
      outcome: () => ({ seen: seen.map((one) => [...one]), busy: sdev.device_busy, waits: q.dispatch.length }),
    };
  },
});

it('what the steps of tokens touch loses no outcome: the reduced search finds what the plain one finds', () => {
  const names = Object.keys(actions) as Action[]; // Its own keys.
  const task = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 2 });
  let compared = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.array(task, { minLength: 2, maxLength: 3 }), (depth, tasks) => {
      const program = programOf(depth, tasks);
      const all = explore(program, { reduction: 'none', memo: false, maxExecutions: 2_000 });
      fc.pre(all.complete);
      compared++;
      expect(explore(program).outcomes.map(({ key }) => key)).toEqual(all.outcomes.map(({ key }) => key));
    }),
    { numRuns: 150, seed: 1, maxSkipsPerRun: 50 },
  );
  expect(compared).toBeGreaterThanOrEqual(150);
});
