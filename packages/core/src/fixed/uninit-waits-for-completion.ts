// SPDX-License-Identifier: GPL-2.0-only
import { cleanup_srcu_struct, complete, completion, wait_for_completion } from '@libmultipath/kernel';
import { nullPointer } from '../structures/null-pointer.js';
import { mpath_head } from '../v3/structures.js';
import type { Remedy } from './remedy.js';

/** The head with what its last put reports to. */
const withCompletion = (head: typeof mpath_head) =>
  class extends head {
    readonly released = new completion(this);

    /** The structure's name stays. */
    override get kind(): string {
      return mpath_head.name;
    }
  };

/** The waiter goes on when the last put is done with the head, not when the count reads 0. */
export const uninit_waits_for_completion: Remedy = {
  name: 'uninit-waits-for-completion',
  removes: ['R-09'],
  inC: '`mpath_put_head()` ends with `complete(&head->released)` after `cleanup_srcu_struct()`, and `mpath_head_uninit()` waits for that completion instead of for the count to read 0.',
  apply: (parts) => {
    const made = withCompletion(parts.structures.mpath_head);
    const released = (head: mpath_head): completion =>
      head instanceof made ? head.released : nullPointer('mpath_head.released', head);
    return {
      ...parts,
      structures: { ...parts.structures, mpath_head: made },
      *last_put(head) {
        yield* cleanup_srcu_struct(head.srcu);
        yield* complete(released(head));
      },
      wait_for_last_put: (head) => wait_for_completion(released(head)),
    };
  },
};
