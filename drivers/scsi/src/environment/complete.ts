// SPDX-License-Identifier: GPL-2.0-only
import { complete, kfn, makeStep, type Steps } from '@libmultipath/driver-kit';
import { countsOf } from './command-counts.js';
import { scsi_decide_disposition } from './decide.js';
import { scsi_eh_scmd_add } from './eh-add.js';
import { scsi_cmd_runtime_exceeced, scsi_fail_over, scsi_finish_command } from './io-completion.js';
import { __scsi_queue_insert } from './requeue.js';
import type { scsi_cmnd } from './scsi-cmnd.js';

/** Kernel: scsi_complete(), all versions. Context: atomic. */
const scsi_complete = kfn('scsi_complete', function* (cmd: scsi_cmnd): Steps<void> {
  const counts = countsOf(cmd.device);
  counts.done++;
  if (cmd.result !== 0) counts.errors++;
  const decided = yield* scsi_decide_disposition(cmd);
  const isLate = decided !== 'SUCCESS' && (yield* scsi_cmd_runtime_exceeced(cmd));
  switch (isLate ? 'SUCCESS' : decided) {
    case 'SUCCESS':
      yield* scsi_finish_command(cmd);
      return;
    case 'NEEDS_RETRY':
    case 'ADD_TO_MLQUEUE':
      yield* __scsi_queue_insert(cmd, true);
      return;
    case 'FAILOVER':
      yield* scsi_fail_over(cmd);
      return;
    default:
      yield* scsi_eh_scmd_add(cmd);
  }
});

/** Whoever is first ends the command: its answer or its timeout. @returns false: somebody else was */
export function* claim(op: string, cmd: scsi_cmnd): Steps<boolean> {
  const step = makeStep(op, cmd, 'state_complete', 'update', { ordering: 'full' });
  yield step;
  const first = !cmd.state_complete;
  cmd.state_complete = true;
  step.value = first;
  return first;
}

/** Kernel: scsi_done(), all versions. Context: any. */
export const scsi_done = kfn('scsi_done', function* (cmd: scsi_cmnd): Steps<void> {
  if (!(yield* claim('SCMD_STATE_COMPLETE', cmd))) return;
  if (cmd.submittedByEh) {
    if (cmd.waiting !== null) yield* complete(cmd.waiting);
    return;
  }
  yield* scsi_complete(cmd);
});
