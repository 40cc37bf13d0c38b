// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list_add,
  set_bit,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type bio,
  type LibV3,
  type Steps,
} from '@libmultipath/driver-kit';
import { head_of, VIRTIO_PATH_FAILED, type virtio_mpath_path } from './paths-and-heads.js';

/**
 * A request failed in a way that another path may mend. The path gets no more I/O until somebody puts it
 * back; the original, which was never pointed away from the head, waits for the kick and is sent again.
 * Every path fails at most once for it, so this ends.
 * Context: that of a completion, so nothing may sleep.
 */
export function* fail_over(lib: LibV3, path: virtio_mpath_path, original: bio): Steps<void> {
  const { mpath_head } = head_of(path);
  yield* set_bit(VIRTIO_PATH_FAILED, path, 'flags');
  yield* lib.mpath_clear_current_path(path.mpath_device);
  yield* spin_lock_irqsave(mpath_head.requeue_lock);
  yield* bio_list_add(mpath_head.requeue_list, original);
  yield* spin_unlock_irqrestore(mpath_head.requeue_lock);
  yield* lib.mpath_schedule_requeue_work(mpath_head);
}
