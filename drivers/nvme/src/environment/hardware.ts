// SPDX-License-Identifier: GPL-2.0-only
import { bio, KObject, makeStep, type Steps } from '@libmultipath/driver-kit';
import type { nvme_request } from './request.js';

/** What a namespace holds, by block of 4 KiB: the same for every controller that reaches it. */
export class NamespaceMedia extends KObject {
  readonly blocks = new Map<number, string>();

  constructor(
    readonly nsid: number,
    readonly capacitySectors: number,
  ) {
    super();
  }
}

/** A bio of one block with content. */
export class data_bio extends bio {
  /** What a write carries, and what a read brought; empty where nothing was ever written. */
  data = '';
}

/** The PCI function itself: commands go in, completions come out. */
export class nvme_hw extends KObject {
  /** Commands fetched and not completed. */
  readonly sq: nvme_request[] = [];
  /** Status that the next commands end with, for tests of the error paths. */
  readonly nextStatus: number[] = [];
}

/** Kernel: nvme_sq_copy_cmd() with the doorbell. */
export function* nvme_submit_cmd(hw: nvme_hw, rq: nvme_request): Steps<void> {
  yield makeStep('nvme_submit_cmd', hw, 'sq', 'update', { ordering: 'full' });
  hw.sq.push(rq);
}
