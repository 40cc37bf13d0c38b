// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { kfn, makeStep } from '../kfn.js';
import { READ_ONCE, WRITE_ONCE } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import { BIO_CHAIN, bio, bio_endio } from './bio.js';
import { bio_put } from './bio-reference.js';
import { BLK_STS_OK } from './blk-status.js';

/**
 * Passes the status on, unless the parent has an error already (read and write are two
 * accesses), drops the part, and ends the parent as far as this part is concerned.
 * Kernel: bio_chain_endio(), __bio_chain_endio(), block/bio.c.
 */
export const bio_chain_endio = kfn('bio_chain_endio', function* (part: bio): Steps<void> {
  const parent = part.bi_private;
  if (!(parent instanceof bio)) throw new TypeError(`${part.label} is no part of a bio`);
  if (part.bi_status !== BLK_STS_OK && (yield* READ_ONCE(parent, 'bi_status')) === BLK_STS_OK) {
    yield* WRITE_ONCE(parent, 'bi_status', part.bi_status);
  }
  yield* bio_put(part);
  yield* bio_endio(parent);
});

/**
 * Makes the parent wait for the part: it ends when both have, with the first error.
 * Kernel: bio_chain(). A part that has an end of its own is a BUG.
 */
export const bio_chain = kfn('bio_chain', function* (part: bio, parent: bio): Steps<void> {
  if (part.bi_end_io !== null || (part.bi_private !== null && part.bi_private !== undefined)) {
    currentMachine().oops(
      'warning',
      'kernel BUG at block/bio.c: bio_chain: the part has bi_end_io or bi_private',
      part,
    );
  }
  part.bi_private = parent;
  part.bi_end_io = bio_chain_endio;
  // What decides whether the parent ends is one with its status: see bio_endio().
  yield makeStep('bio_inc_remaining', parent, 'bi_status', 'update', { ordering: 'full' });
  checkLive(parent);
  parent.bi_flags |= 1 << BIO_CHAIN;
  parent.__bi_remaining++;
});
