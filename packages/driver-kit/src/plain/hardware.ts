// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_alloc_clone,
  bio_endio,
  bio_list_add,
  bio_set_dev,
  BLK_STS_IOERR,
  BLK_STS_OK,
  BLK_STS_TRANSPORT,
  kfn,
  kfree,
  makeStep,
  REQ_OP_MASK,
  REQ_OP_WRITE,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type bio,
  type block_device_operations,
  type blk_status_t,
  type Steps,
} from '@libmultipath/kernel';
import { handle_of, plain_bio, type plain_head, type plain_path } from './structures.js';

/** What a clone leads back to. */
const originals = new WeakMap<bio, bio>();

/** Reads or writes the medium. One step: the command. */
function* command({ core, slot }: plain_path, what: bio): Steps<blk_status_t> {
  const whole = originals.get(what) ?? what;
  const isWrite = (what.bi_opf & REQ_OP_MASK) === REQ_OP_WRITE;
  const step = makeStep('plain_command', core, `sector ${String(what.bi_sector)}`, isWrite ? 'write' : 'read', {
    ordering: 'full',
    // Who takes an error leaves one less for the next command.
    also: () => [{ object: slot, field: 'errors', access: slot.errors.length === 0 ? 'read' : 'update' }],
    // A read leaves what it has read in its bio.
    tells: () => slot.errors[0],
  });
  yield step;
  const error = slot.errors.shift();
  if (error !== undefined) return error === 'path-error' ? BLK_STS_TRANSPORT : BLK_STS_IOERR;
  if (!(whole instanceof plain_bio)) return BLK_STS_OK;
  if (isWrite) core.blocks.set(what.bi_sector, whole.data);
  else whole.data = core.blocks.get(what.bi_sector) ?? '';
  return BLK_STS_OK;
}

/** Back to the head's disk, where it waits for the kick that follows. Context: any. */
const plain_failover_bio = kfn('plain_failover_bio', function* (head: plain_head, what: bio): Steps<void> {
  const handle = handle_of(head);
  const disk = handle.disk();
  if (disk === null) return;
  bio_set_dev(what, disk.part0);
  what.bi_status = BLK_STS_OK;
  yield* spin_lock_irqsave(handle.head.requeue_lock);
  yield* bio_list_add(handle.head.requeue_list, what);
  yield* spin_unlock_irqrestore(handle.head.requeue_lock);
  yield* head.core.lib.kick(head);
});

/** Operations of a path's disk: a command is done at once, an error of the path gives the bio back to the head. */
export const path_fops = (path: plain_path): block_device_operations => ({
  *queue_bio(what) {
    const status = yield* command(path, what);
    const { head } = path;
    if (status === BLK_STS_TRANSPORT && head !== null) {
      const original = originals.get(what);
      if (original !== undefined) yield* kfree(what);
      yield* plain_failover_bio(head, original ?? what);
      return;
    }
    what.bi_status = status;
    yield* bio_endio(what);
  },
  *ioctl() {
    yield makeStep('plain_ioctl', path.slot, 'errors', 'read');
    return 0;
  },
});

const plain_end_clone = kfn('plain_end_clone', function* (original: bio, clone: bio): Steps<void> {
  original.bi_status = clone.bi_status;
  yield* kfree(clone);
  yield* bio_endio(original);
});

/** Callback `clone_bio`. @returns null without memory */
export const plain_clone_bio = kfn('plain_clone_bio', function* (original: bio): Steps<bio | null> {
  const clone = yield* bio_alloc_clone(original.bi_bdev, original, { mayFail: 'declared', kind: 'bio' });
  if (clone === null) return null;
  originals.set(clone, original);
  clone.bi_end_io = (ended) => plain_end_clone(original, ended);
  return clone;
});
