// SPDX-License-Identifier: GPL-2.0-only
import type { Program, Task } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { completionTable } from '../environment/completion-table.js';
import { inject } from '../environment/hardware/change.js';
import { scsi_remove_device } from '../environment/remove-device.js';
import { both, inside, runDirected, type Leg } from '../testing/directed.js';
import { attachOne, fixed, without, type One } from '../testing/mpath-paths.js';
import { headDisk, headsOf, mpathProgram, type MpathOptions } from '../testing/mpath-run.js';
import { transferDisk } from '../testing/read-block.js';

interface Read extends One {
  result?: string;
}

/** A read fails on the only path, which is being removed. */
const program = (options: MpathOptions): Program =>
  mpathProgram(
    'a clone fails after the flush',
    options,
    function* (world) {
      const state: Read = { ...(yield* attachOne(world)) };
      return state;
    },
    {
      *reader(state, world) {
        const failure = completionTable.find(({ pathError, attempts }) => pathError && attempts === 1);
        if (failure === undefined) throw new Error('no completion fails a path at once');
        yield* inject(state.first.sdev.nexus, failure.completion, 1);
        state.result = (yield* transferDisk(headDisk(world))).result;
      },
      *remover({ first }) {
        yield* scsi_remove_device(first.sdev);
      },
    },
    (state, world) => ({ result: state?.result, heads: headsOf(world).length }),
  );

const kicks = both(inside('scsi_mpath_clone_end_io'), inside('mpath_schedule_requeue_work'));
const hasKicked = (task: Task): boolean => !kicks(task);
const irq = 'irq/scsi-host0';
const worker = 'kworker/scsi_mpath_head#1.mpath_head.requeue_work';

/** They run in turn until none of them can go on. */
const inTurn: readonly Leg[] = Array.from({ length: 4 }, () => ['remover', worker, 'reader'])
  .flat()
  .map((run) => ({ run }));

/** The bio is on the list, the disk is put, and its flush has ended the bio; then comes the kick. */
const late: readonly Leg[] = [
  { run: 'reader' },
  { run: irq, until: kicks },
  ...inTurn,
  { run: irq, until: hasKicked },
  { run: irq },
  { run: 'remover' },
];

const done = { end: 'finished', outcome: { result: 'EIO', heads: 0 } };

it('a clone that fails late queues the requeue work of a head that goes', () => {
  for (const options of [{}, without('release-flushes-requeue')]) {
    const { messages, ...ended } = runDirected(program(options), late);
    expect(ended).toMatchObject(done);
    expect(messages).toContain('ODEBUG: free active (active state 0) object type: work_struct hint: requeue_work');
  }
});

it('the release of the head waits for that work with the remedy', () => {
  expect(runDirected(program(fixed), late)).toEqual({ ...done, messages: [], stuck: [] });
});
