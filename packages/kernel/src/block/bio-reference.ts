// SPDX-License-Identifier: GPL-2.0-only
import { makeStep } from '../kfn.js';
import { kfree } from '../memory/alloc.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import { BIO_REFFED, type bio } from './bio.js';

const isShared = (b: bio): boolean => (b.bi_flags & (1 << BIO_REFFED)) !== 0;

/** Kernel: bio_get(): one more reference; the bio must be known not to end before. */
export function* bio_get(b: bio): Steps<void> {
  yield makeStep('bio_get', b, '__bi_cnt', 'add');
  checkLive(b);
  b.bi_flags |= 1 << BIO_REFFED;
  b.__bi_cnt++;
}

/** Kernel: bio_put(): the memory goes with the last reference; a bio that had only one is freed at once. */
export function* bio_put(b: bio): Steps<void> {
  if (isShared(b)) {
    const step = makeStep('bio_put', b, '__bi_cnt', 'update', { ordering: 'full' });
    yield step;
    checkLive(b);
    step.value = --b.__bi_cnt;
    if (b.__bi_cnt > 0) return;
  }
  yield* kfree(b);
}
