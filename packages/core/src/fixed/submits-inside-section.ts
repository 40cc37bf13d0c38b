// SPDX-License-Identifier: GPL-2.0-only
import { current, kfn, submit_bio_noacct, type bio, type Steps } from '@libmultipath/kernel';
import type { Remedy } from './remedy.js';

/**
 * Submits below a running `->submit_bio` at once instead of noting the bio for later: the path's queue is
 * entered while the read section that chose the path still keeps it. The path's disk is request based,
 * so that it goes no deeper than this. Context: inside the head's SRCU section; may sleep.
 */
const submit_bio_noacct_leaf = kfn('submit_bio_noacct_leaf', function* (what: bio): Steps<void> {
  const task = current();
  const noted = task.bio_list;
  task.bio_list = undefined;
  yield* submit_bio_noacct(what);
  task.bio_list = noted;
});

/** No bio is between head and path when the read section ends. */
export const submits_inside_section: Remedy = {
  name: 'submits-inside-section',
  removes: ['UAF-ed643a'],
  inC: '`mpath_bdev_submit_bio()` submits with a new `submit_bio_noacct_leaf()`, which sets `current->bio_list` aside, runs `__submit_bio_noacct_mq()` and puts the list back.',
  apply: (parts) => ({ ...parts, submit_to_path: submit_bio_noacct_leaf }),
};
