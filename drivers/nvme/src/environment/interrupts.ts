// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine, makeStep, REQ_OP_MASK, REQ_OP_WRITE, type Steps } from '@libmultipath/driver-kit';
import { nvme_complete_rq } from './complete.js';
import { NVME_SC_READ_ERROR, NVME_SC_SUCCESS, NVME_SC_WRITE_FAULT } from './constants.js';
import { data_bio, nvme_hw } from './hardware.js';
import type { nvme_request } from './request.js';
import { ana_status_of } from './target.js';

const SECTORS_PER_BLOCK = 8;

/** Moves the data of one command. @returns its status */
function* transfer(rq: nvme_request): Steps<number> {
  const { bio: what } = rq;
  if (!(what instanceof data_bio)) return NVME_SC_SUCCESS;
  const { media } = rq.ns;
  const block = what.bi_sector / SECTORS_PER_BLOCK;
  const isWrite = (what.bi_opf & REQ_OP_MASK) === REQ_OP_WRITE;
  if (block === media.badBlock) return isWrite ? NVME_SC_WRITE_FAULT : NVME_SC_READ_ERROR;
  const step = makeStep('dma', media, `blocks[${String(block)}]`, isWrite ? 'write' : 'read', { ordering: 'full' });
  yield step;
  if (isWrite) media.blocks.set(block, what.data);
  else what.data = media.blocks.get(block) ?? '';
  step.value = what.data;
  return NVME_SC_SUCCESS;
}

/** The oldest command whose namespace is not blocked; undefined: none. Pure: it is asked under `sq`. */
const nextOf = ({ sq, stalled, blocked }: nvme_hw): nvme_request | undefined =>
  stalled ? undefined : sq.find(({ ns }) => !blocked.has(ns.media.nsid));

/**
 * Executes commands in the order of arrival and raises the interrupt of each. (A device may
 * complete in any order; the streams of a scenario have one command in flight.)
 */
function* serve(hw: nvme_hw): Steps<void> {
  const task = current();
  const enabled = (): boolean => nextOf(hw) !== undefined;
  for (;;) {
    yield makeStep('nvme_irq', hw, 'sq', 'update', { ordering: 'full', rest: [], enabled });
    const rq = nextOf(hw);
    if (rq === undefined) continue;
    hw.sq.splice(hw.sq.indexOf(rq), 1);
    task.busy = true;
    task.atomicDepth = 1;
    rq.status = hw.nextStatus.shift() ?? (yield* ana_status_of(rq.ns.ctrl, rq.ns.media.nsid));
    if (rq.status === NVME_SC_SUCCESS) {
      if (rq.command === null) rq.status = yield* transfer(rq);
      else rq.status = yield* rq.command.execute();
    }
    yield* nvme_complete_rq(rq);
    task.atomicDepth = 0;
    task.busy = false;
  }
}

/** Makes the function's device side; its interrupts are a task of their own. */
export const makeHardware = (label: string): nvme_hw => {
  const hw = new nvme_hw();
  currentMachine().spawn(`irq/nvme-${label}`, () => serve(hw), { kind: 'irq', service: true, subject: hw });
  return hw;
};
