// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine, jiffies, KObject, makeStep, mod_timer, type Steps } from '@libmultipath/driver-kit';
import type { Completion } from '../completion-table.js';
import type { scsi_cmnd } from '../scsi-cmnd.js';
import { fixedSense } from '../sense.js';
import { answer } from './answer.js';

/** What the adapter calls of the midlayer. */
export interface HbaUser {
  /** The command is finished. Context: atomic. */
  readonly done: (cmd: scsi_cmnd) => Steps<void>;
  /** The device has not answered in time. Context: atomic. */
  readonly timed_out: (cmd: scsi_cmnd) => Steps<void>;
}

/** The host adapter: commands go in, completions come out. */
export class scsi_hba extends KObject {
  /** Commands taken and not looked at. */
  readonly queue: scsi_cmnd[] = [];
}

/** Kernel: hostt->queuecommand(). Always accepts. Context: atomic. */
export function* queuecommand(hba: scsi_hba, cmd: scsi_cmnd): Steps<void> {
  yield makeStep('queuecommand', hba, 'queue', 'update', { ordering: 'full' });
  hba.queue.push(cmd);
}

/** Puts a completion into the command. */
export const fill = (cmd: scsi_cmnd, { host, status, sense }: Completion): void => {
  cmd.result = ((host ?? 0) << 16) | (status ?? 0);
  cmd.sense_buffer = sense === undefined ? [] : fixedSense(...sense);
};

/** The device never answers: the block layer's timer finds out. */
function* arm_timeout(cmd: scsi_cmnd, user: HbaUser): Steps<void> {
  const timer = cmd.makeTimer(() => user.timed_out(cmd));
  yield* mod_timer(timer, (yield* jiffies()) + cmd.timeoutJiffies);
}

/** Executes commands in the order of arrival and raises the interrupt of each. */
function* serve(hba: scsi_hba, user: HbaUser): Steps<void> {
  const task = current();
  const enabled = (): boolean => hba.queue.length > 0;
  for (;;) {
    yield makeStep('scsi_irq', hba, 'queue', 'update', { ordering: 'full', rest: [], enabled });
    const cmd = hba.queue.shift();
    if (cmd === undefined) continue;
    task.busy = true;
    task.atomicDepth = 1;
    const found = yield* answer(cmd.device.nexus, cmd);
    if (found === undefined) yield* arm_timeout(cmd, user);
    else {
      fill(cmd, found.completion);
      if (found.data.length > 0) cmd.data = found.data;
      yield* user.done(cmd);
    }
    task.atomicDepth = 0;
    task.busy = false;
  }
}

/** Makes an adapter; its interrupts are a task of their own. */
export const makeHba = (label: string, user: HbaUser): scsi_hba => {
  const hba = new scsi_hba();
  currentMachine().spawn(`irq/scsi-${label}`, () => serve(hba, user), { kind: 'irq', service: true, subject: hba });
  return hba;
};
