// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  atomic_set,
  E,
  kfn,
  kstrtoull,
  type atomic_t,
  type attribute,
  type KObject,
  type mpath_head,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_ns_head } from './nvme-ns-head.js';

/** From the private data of a head's disk to the head whose counter an attribute shows; null: what lies there is none. */
export type HeadOfDiag = (private_data: KObject | null) => nvme_ns_head | null;

/**
 * `disk->private_data` is the library's `struct mpath_head` and is taken for the driver's head that it is embedded
 * in: the counter is looked for as far behind the library's head as that lies within the driver's. There is memory
 * of the head there (its `cdev_device`, of which the length decides), so KASAN is silent, and so is the model.
 */
export const private_data_as_ns_head: HeadOfDiag = (private_data) =>
  private_data instanceof nvme_ns_head ? private_data : null;

const diag_attribute = (
  mpath_head: mpath_head,
  name: string,
  counter: (head: mpath_head) => atomic_t,
  head_of: HeadOfDiag,
): attribute => {
  const of = (): nvme_ns_head | null => head_of(mpath_head.disk?.private_data ?? null);
  return {
    mode: 0o644,
    show: kfn(`${name}_show`, function* (): Steps<string> {
      const head = of();
      // What else lies there is no number that the model could give.
      return head === null ? '?\n' : `${String(yield* atomic_read(counter(head.mpath_head)))}\n`;
    }),
    store: kfn(`${name}_store`, function* (buf: string): Steps<number> {
      const value = kstrtoull(buf);
      if (value < 0n) return -E.EINVAL;
      const head = of();
      if (head !== null) yield* atomic_set(counter(head.mpath_head), Number(value));
      return buf.length;
    }),
  };
};

/** Kernel: io_requeue_no_usable_path_count and io_fail_no_available_path_count, NVMe v3. */
export const head_diag = (mpath_head: mpath_head, head_of: HeadOfDiag): Readonly<Record<string, attribute>> => {
  const requeued = 'io_requeue_no_usable_path_count';
  const failed = 'io_fail_no_available_path_count';
  return {
    [requeued]: diag_attribute(mpath_head, requeued, (of) => of.requeue_no_usable_path_cnt, head_of),
    [failed]: diag_attribute(mpath_head, failed, (of) => of.fail_no_avail_path_cnt, head_of),
  };
};
