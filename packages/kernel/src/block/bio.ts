// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer, lifeOf } from '../memory/check.js';
import { KObject, type Where } from '../object.js';
import type { StepOptions, Steps } from '../step.js';
import type { block_device } from './gendisk.js';

export const REQ_OP_READ = 0;
export const REQ_OP_WRITE = 1;
export const REQ_OP_FLUSH = 2;
export const REQ_OP_DISCARD = 3;
/** Mask of the operation in `bi_opf`. */
export const REQ_OP_MASK = 0xff;
export const REQ_FAILFAST_TRANSPORT = 1 << 9;
export const REQ_NOWAIT = 1 << 21;
export const REQ_POLLED = 1 << 22;
/** Driver-private flag, used by NVMe as REQ_NVME_MPATH. */
export const REQ_DRV = 1 << 25;

/** Bit of `bi_flags`: the bio was sent on to another device; its end was checked already. */
export const BIO_REMAPPED = 11;

export const BLK_STS_OK = 'BLK_STS_OK';
export const BLK_STS_IOERR = 'BLK_STS_IOERR';
export const BLK_STS_AGAIN = 'BLK_STS_AGAIN';
export const BLK_STS_TRANSPORT = 'BLK_STS_TRANSPORT';
export const BLK_STS_TARGET = 'BLK_STS_TARGET';
export const BLK_STS_RESV_CONFLICT = 'BLK_STS_RESV_CONFLICT';
export const BLK_STS_MEDIUM = 'BLK_STS_MEDIUM';
export const BLK_STS_RESOURCE = 'BLK_STS_RESOURCE';
export const BLK_STS_NOTSUPP = 'BLK_STS_NOTSUPP';
export const BLK_STS_NOSPC = 'BLK_STS_NOSPC';

/** Kernel: blk_status_t, by name. */
export type blk_status_t =
  | typeof BLK_STS_OK
  | typeof BLK_STS_IOERR
  | typeof BLK_STS_AGAIN
  | typeof BLK_STS_TRANSPORT
  | typeof BLK_STS_TARGET
  | typeof BLK_STS_RESV_CONFLICT
  | typeof BLK_STS_MEDIUM
  | typeof BLK_STS_RESOURCE
  | typeof BLK_STS_NOTSUPP
  | typeof BLK_STS_NOSPC;

export interface BioFields {
  readonly bi_opf?: number;
  readonly bi_bdev?: block_device;
  readonly bi_sector?: number;
  /** Bytes; 0 (the default) carries no data and is never beyond the end of a device. */
  readonly bi_size?: number;
  readonly bi_end_io?: (bio: bio) => Steps<void>;
  readonly bi_private?: unknown;
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
  }

  get completedBy(): Where | undefined {
    return this.#completedBy;
  }

  complete(where: Where): void {
    this.completed = true;
    this.#completedBy = where;
  }
}

const FULL: StepOptions = { ordering: 'full' };

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
  b.complete(machine.here());
  if (status !== undefined) b.bi_status = status;
  if (b.bi_end_io !== null) yield* b.bi_end_io(b);
}

/** Kernel: bio_endio(): runs `bi_end_io` with the status that the bio has. Once per submission. */
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
  b.bi_next = null;
}
