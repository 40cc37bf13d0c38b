// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer, lifeOf } from '../memory/check.js';
import { KObject, type Where } from '../object.js';
import { FULL, type Steps } from '../step.js';
import { BLK_STS_AGAIN, BLK_STS_IOERR, BLK_STS_OK, type blk_status_t } from './blk-status.js';
import type { block_device } from './gendisk.js';

export const REQ_OP_READ = 0;
export const REQ_OP_WRITE = 1;
export const REQ_OP_FLUSH = 2;
export const REQ_OP_DISCARD = 3;
/** Mask of the operation in `bi_opf`. */
export const REQ_OP_MASK = 0xff;
export const REQ_FAILFAST_DEV = 1 << 8;
export const REQ_FAILFAST_TRANSPORT = 1 << 9;
export const REQ_FAILFAST_DRIVER = 1 << 10;
export const REQ_NOWAIT = 1 << 21;
export const REQ_POLLED = 1 << 22;
/** Driver-private flag, used by NVMe as REQ_NVME_MPATH. */
export const REQ_DRV = 1 << 25;

/** Bits of `bi_flags`. The bio does not own its data: it is a clone. */
export const BIO_CLONED = 1;
/** It ends when its parts have ended, too. */
export const BIO_CHAIN = 4;
/** It has more than one reference, or had. */
export const BIO_REFFED = 5;
/** It was sent on to another device; its end was checked already. */
export const BIO_REMAPPED = 11;

export interface BioFields {
  readonly bi_opf?: number;
  readonly bi_bdev?: block_device;
  readonly bi_sector?: number;
  /** Bytes; 0 (the default) carries no data and is never beyond the end of a device. */
  readonly bi_size?: number;
  readonly bi_end_io?: (bio: bio) => Steps<void>;
  readonly bi_private?: unknown;
  /** The memory with the data. */
  readonly bi_io_vec?: KObject;
}

/** Kernel: struct bio, its iterator flattened. */
export class bio extends KObject {
  bi_opf: number;
  bi_bdev: block_device | null;
  bi_sector: number;
  bi_size: number;
  bi_status: blk_status_t = BLK_STS_OK;
  bi_flags = 0;
  bi_end_io: ((bio: bio) => Steps<void>) | null;
  bi_private: unknown;
  bi_next: bio | null = null;
  /** The memory with the data: clones and parts of a bio share it. */
  bi_io_vec: KObject | null;
  /** Bytes of that memory before this bio's own. */
  bi_bvec_done = 0;
  /** Parts that have not ended, itself among them. Shares a footprint with `bi_status`. */
  __bi_remaining = 1;
  /** References. */
  __bi_cnt = 1;
  /** Completed since it was made or reset. */
  completed = false;
  /** By whom: for reports, so no state of the kernel. */
  #completedBy: Where | undefined = undefined;

  constructor(fields: BioFields = {}) {
    super();
    this.bi_opf = fields.bi_opf ?? REQ_OP_READ;
    this.bi_bdev = fields.bi_bdev ?? null;
    this.bi_sector = fields.bi_sector ?? 0;
    this.bi_size = fields.bi_size ?? 0;
    this.bi_end_io = fields.bi_end_io ?? null;
    this.bi_private = fields.bi_private;
    this.bi_io_vec = fields.bi_io_vec ?? null;
  }

  get completedBy(): Where | undefined {
    return this.#completedBy;
  }

  complete(where: Where): void {
    this.completed = true;
    this.#completedBy = where;
  }
}

/** Kernel: bio_remaining_done(): counts down where the bio has parts. @returns true for the last of them */
const isRemainingDone = (b: bio): boolean => {
  if ((b.bi_flags & (1 << BIO_CHAIN)) === 0) return true;
  if (--b.__bi_remaining > 0) return false;
  b.bi_flags &= ~(1 << BIO_CHAIN);
  return true;
};

/** Completes; a second completion is reported and has no effect. */
function* end(op: string, b: bio, status: blk_status_t | undefined): Steps<void> {
  yield makeStep(op, checkPointer(b, 'bi_end_io'), 'bi_status', 'update', FULL);
  checkLive(b);
  const machine = currentMachine();
  if (b.completedBy !== undefined && b.completed) {
    machine.report('duplicate-completion', `WARNING: ${op}: ${b.label} was completed before`, b, [
      ...lifeOf(b),
      { role: 'completed by', where: b.completedBy },
    ]);
    return;
  }
  if (status !== undefined) b.bi_status = status;
  if (!isRemainingDone(b)) return;
  b.complete(machine.here());
  if (b.bi_end_io !== null) yield* b.bi_end_io(b);
}

/** Kernel: bio_endio(): runs `bi_end_io` with the status that the bio has, once per submission, after its parts. */
export const bio_endio = (b: bio): Steps<void> => end('bio_endio', b, undefined);

/** Kernel: bio_io_error(): BLK_STS_IOERR, then bio_endio(). */
export const bio_io_error = (b: bio): Steps<void> => end('bio_io_error', b, BLK_STS_IOERR);

/** Kernel: bio_wouldblock_error(): BLK_STS_AGAIN, then bio_endio(). */
export const bio_wouldblock_error = (b: bio): Steps<void> => end('bio_wouldblock_error', b, BLK_STS_AGAIN);

/** Kernel: bio_reset(): a completed bio may be submitted again. */
export function* bio_reset(b: bio): Steps<void> {
  yield makeStep('bio_reset', b, 'bi_status', 'write');
  checkLive(b);
  b.completed = false;
  b.bi_status = BLK_STS_OK;
  b.bi_flags = 0;
  b.__bi_remaining = 1;
  b.bi_next = null;
}
