// SPDX-License-Identifier: GPL-2.0-only
import { KObject, makeStep, REQ_OP_MASK, REQ_OP_WRITE, type Steps } from '@libmultipath/driver-kit';
import type { scsi_cmnd } from '../scsi-cmnd.js';
import type { LogicalUnit } from './logical-unit.js';

const PAGE_BYTES = 4_096;
const SECTORS_PER_PAGE = 8;

/** Memory of a bio (`bi_io_vec`), by page of 4 KiB; its clones and parts share it. */
export class data_pages extends KObject {
  /** What a write carries, and what a read brought; empty where nothing was ever written. */
  readonly pages: string[];

  constructor(pages: readonly string[]) {
    super();
    this.pages = [...pages];
  }
}

/** Moves the data of one command, page by page; less than a page is its whole content. */
export function* transfer(unit: LogicalUnit, { bio }: scsi_cmnd): Steps<void> {
  if (bio === null || !(bio.bi_io_vec instanceof data_pages)) return;
  const { pages } = bio.bi_io_vec;
  const isWrite = (bio.bi_opf & REQ_OP_MASK) === REQ_OP_WRITE;
  const first = Math.floor(bio.bi_bvec_done / PAGE_BYTES);
  for (let n = 0; n < Math.ceil(bio.bi_size / PAGE_BYTES); n++) {
    const block = Math.floor(bio.bi_sector / SECTORS_PER_PAGE) + n;
    const step = makeStep('dma', unit, `blocks[${String(block)}]`, isWrite ? 'write' : 'read', { ordering: 'full' });
    yield step;
    if (isWrite) unit.blocks.set(block, pages[first + n] ?? '');
    else pages[first + n] = unit.blocks.get(block) ?? '';
    step.value = pages[first + n];
  }
}
