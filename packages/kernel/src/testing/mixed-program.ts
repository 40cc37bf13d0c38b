// SPDX-License-Identifier: GPL-2.0-only
import { atomic_inc, atomic_read, atomic_t } from '../atomic/atomic.js';
import { clear_bit, set_bit, test_and_clear_bit, test_bit } from '../bits/bits.js';
import { bdev_open, bdev_release } from '../block/bdev.js';
import { bio, bio_endio, REQ_OP_WRITE } from '../block/bio.js';
import { bio_list, bio_list_add, bio_list_get } from '../block/bio-list.js';
import { device_add_disk } from '../block/add-disk.js';
import { del_gendisk } from '../block/del-gendisk.js';
import { blk_alloc_disk } from '../block/disk.js';
import { partitionsOf } from '../block/mark-dead.js';
import { blkdev_write_iter, sync_blockdev } from '../block/page-cache.js';
import { disk_scan_partitions } from '../block/scan-partitions.js';
import { queue_limits_commit_update, queue_limits_start_update } from '../block/update-limits.js';
import { cdev_device_add, cdev_device_del, cdev_init } from '../cdev/cdev-add.js';
import { cdev, MKDEV } from '../cdev/cdev.js';
import { filp_open } from '../cdev/chrdev-open.js';
import { fput } from '../cdev/file.js';
import { GD_SUPPRESS_PART_SCAN, type gendisk } from '../block/gendisk.js';
import { bio_split_to_limits, submit_bio } from '../block/submit-bio.js';
import { boot } from '../boot.js';
import { kfn } from '../kfn.js';
import { list_head } from '../list/list-head.js';
import { list_add_tail_rcu, list_del_rcu } from '../list/list-modify.js';
import { list_empty, list_first_or_null_rcu, list_is_singular, list_next_or_null_rcu } from '../list/list-read.js';
import { mutex, mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { down_read, down_write, rw_semaphore, up_read, up_write } from '../locks/rw-semaphore.js';
import { spin_lock_irqsave, spin_unlock_irqrestore, spinlock_t } from '../locks/spinlock.js';
import type { Machine } from '../machine.js';
import { load, load_at, rcu_assign_pointer, store } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { delete_module, module, module_put, try_module_get } from '../module/module.js';
import { KObject } from '../object.js';
import { call_rcu, call_srcu, rcu_barrier, rcu_head } from '../rcu/callback.js';
import { rcu_read_lock, rcu_read_unlock, synchronize_rcu } from '../rcu/rcu.js';
import { kref, kref_get_unless_zero, kref_put } from '../refcount/kref.js';
import { srcu_read_lock, srcu_read_unlock, srcu_struct, synchronize_srcu } from '../srcu/srcu.js';
import type { Steps } from '../step.js';
import { msleep } from '../time/msleep.js';
import { complete, completion, wait_for_completion, wait_for_completion_timeout } from '../wait/completion.js';
import { wait_event, wait_event_idle_exclusive, wait_event_timeout } from '../wait/wait-event.js';
import { wait_queue_head, wake_up } from '../wait/wait-queue.js';
import { wait_var_event, wake_up_var } from '../wait/wait-var.js';
import { cancel_delayed_work, delayed_work, flush_delayed_work, mod_delayed_work } from '../workqueue/delayed-work.js';
import { alloc_ordered_workqueue } from '../workqueue/alloc-workqueue.js';
import { cancel_work, cancel_work_sync } from '../workqueue/cancel-work.js';
import { drain_workqueue } from '../workqueue/destroy-workqueue.js';
import { flush_work, flush_workqueue } from '../workqueue/flush-work.js';
import { queue_work, queue_work_on } from '../workqueue/queue-work.js';
import { work_struct } from '../workqueue/work.js';
import { workqueue_struct } from '../workqueue/workqueue-struct.js';
import { device, device_add, device_del } from '../device/device.js';
import { sysfs_read } from '../device/sysfs-attribute.js';
import { sysfs_create_group, sysfs_update_group } from '../device/sysfs-group.js';
import { sysfs_create_link } from '../device/sysfs-link.js';

class entry extends KObject {
  readonly node = new list_head<entry>(this);
  value = 0;
}

/** One of everything, for programs that mix all primitives. */
export class everything extends KObject {
  readonly srcu = new srcu_struct(this);
  readonly lock = new mutex(this);
  readonly spin = new spinlock_t(this);
  readonly sem = new rw_semaphore(this);
  readonly wq = new wait_queue_head(this);
  readonly done = new completion(this);
  readonly list = new list_head<entry>(this);
  readonly count = new atomic_t(this);
  readonly ref = new kref(this, 1);
  readonly bios = new bio_list(this);
  readonly rcu = new rcu_head(this);
  readonly dev = new device('dev', null, this);
  readonly cdev = new cdev(this);
  readonly cdev_device = new device('cdev', null, this);
  readonly entries = [new entry(), new entry(), new entry()];
  readonly mod = new module('mod');
  readonly ordered = alloc_ordered_workqueue('ordered');
  readonly perCpu = new workqueue_struct('perCpu', { maxActive: 1 });
  readonly rescued = new workqueue_struct('rescued', { workers: 1 });
  readonly free = new workqueue_struct('free');
  readonly work: work_struct;
  readonly other: work_struct;
  readonly delayed: delayed_work;
  slots: (entry | null)[] = [null, null];
  disk: gendisk | null = null;
  flags = 0;
  value = 0;

  constructor() {
    super();
    this.cdev_device.devt = MKDEV(1, 1);
    const touch = (): Steps<void> => bump(this);
    this.work = new work_struct(this, touch, 'work');
    this.other = new work_struct(this, touch, 'other');
    this.delayed = new delayed_work(this, touch, 'delayed');
  }
}

const bump = kfn('bump', function* (o: everything): Steps<void> {
  yield* store(o, 'value', (yield* load(o, 'value')) + 1);
});

function* splitAndEnd(b: bio): Steps<void> {
  const front = yield* bio_split_to_limits(b);
  if (front !== null) yield* bio_endio(front);
}

function* walk(o: everything): Steps<void> {
  const idx = yield* srcu_read_lock(o.srcu);
  let at = yield* list_first_or_null_rcu(o.list);
  for (; at !== null; at = yield* list_next_or_null_rcu(o.list, at.node)) yield* load(at, 'value');
  yield* srcu_read_unlock(o.srcu, idx);
}

function* move(o: everything, n: number): Steps<void> {
  const e = o.entries[n % o.entries.length];
  if (e === undefined) return;
  yield* mutex_lock(o.lock);
  if (e.node.list === null) yield* list_add_tail_rcu(e.node, o.list);
  else yield* list_del_rcu(e.node);
  yield* mutex_unlock(o.lock);
  yield* synchronize_srcu(o.srcu);
}

/** Small bodies; `n` varies what they touch. Some may block for ever, some report: that is wanted. */
export const bodies: Readonly<Record<string, (o: everything, n: number) => Steps<unknown>>> = {
  walk,
  move,
  spin: function* (o) {
    yield* spin_lock_irqsave(o.spin);
    yield* bump(o);
    yield* spin_unlock_irqrestore(o.spin);
  },
  readSem: function* (o) {
    yield* down_read(o.sem);
    yield* load(o, 'value');
    yield* up_read(o.sem);
  },
  writeSem: function* (o) {
    yield* down_write(o.sem);
    yield* bump(o);
    yield* up_write(o.sem);
  },
  waitEvent: (o) => wait_event(o.wq, { object: o, field: 'value' }, () => o.value > 0),
  wake: function* (o) {
    yield* bump(o);
    yield* wake_up(o.wq);
    yield* wake_up_var(o, 'value');
  },
  waitExclusive: (o) => wait_event_idle_exclusive(o.wq, { object: o, field: 'value' }, () => o.value > 0),
  waitTimeout: (o, n) => wait_event_timeout(o.wq, { object: o, field: 'value' }, () => o.value > 0, n),
  waitDoneTimeout: (o, n) => wait_for_completion_timeout(o.done, n),
  readRcu: function* (o) {
    yield* rcu_read_lock();
    yield* load(o, 'value');
    yield* rcu_read_unlock();
  },
  syncRcu: () => synchronize_rcu(),
  callRcu: (o) => call_rcu(o.rcu, () => bump(o)),
  callSrcu: (o) => call_srcu(o.srcu, o.rcu, () => bump(o)),
  barrierRcu: () => rcu_barrier(),
  waitVar: (o) => wait_var_event(o, 'value', () => o.value > 1),
  waitDone: (o) => wait_for_completion(o.done),
  complete: (o) => complete(o.done),
  queue: (o) => queue_work(o.free, o.work),
  queueOrdered: (o, n) => queue_work(o.ordered, n % 2 === 0 ? o.work : o.other),
  flush: (o) => flush_work(o.work),
  /** Twice: what is queued between the two is of another epoch. */
  flushAgain: function* (o) {
    yield* flush_work(o.work);
    yield* queue_work(o.free, o.work);
    yield* flush_work(o.work);
  },
  takeOff: (o) => cancel_work(o.work),
  cancel: (o) => cancel_work_sync(o.work),
  cancelOnly: (o) => cancel_work(o.other),
  queuePerCpu: (o, n) => queue_work_on(n % 2, o.perCpu, n < 3 ? o.work : o.other),
  queueRescued: (o, n) => queue_work_on(n % 2, o.rescued, n < 3 ? o.work : o.other),
  flushQueue: (o, n) => flush_workqueue([o.ordered, o.perCpu, o.rescued][n % 3] ?? o.free),
  drain: (o, n) => drain_workqueue(n % 2 === 0 ? o.ordered : o.perCpu),
  modDelayed: (o, n) => mod_delayed_work(o.free, o.delayed, n % 3),
  cancelDelayed: (o) => cancel_delayed_work(o.delayed),
  flushDelayed: (o) => flush_delayed_work(o.delayed),
  sleep: (_o, n) => msleep(n),
  count: function* (o) {
    yield* atomic_inc(o.count);
    yield* atomic_read(o.count);
  },
  bits: function* (o, n) {
    yield* set_bit(n % 3, o, 'flags');
    if (yield* test_bit(1, o, 'flags')) yield* test_and_clear_bit(n % 3, o, 'flags');
    yield* clear_bit((n + 1) % 3, o, 'flags');
  },
  word: function* (o, n) {
    if ((yield* load(o, 'flags')) !== 0) yield* store(o, 'flags', n);
  },
  put: function* (o) {
    if (yield* kref_get_unless_zero(o.ref)) yield* kref_put(o.ref, () => kfree(o));
    yield* kref_put(o.ref, () => kfree(o));
  },
  pin: function* (o) {
    if (!(yield* try_module_get(o.mod))) return;
    yield* module_put(o.mod);
  },
  unload: (o) => delete_module(o.mod),
  slots: function* (o, n) {
    yield* rcu_assign_pointer(o, 'slots', o.entries[n % 3] ?? null, n % 2);
    yield* load_at(o, 'slots', 0);
  },
  emptySlots: function* (o) {
    yield* store(o, 'slots', [null, null]);
  },
  bios: function* (o) {
    yield* bio_list_add(o.bios, new bio());
    yield* bio_list_get(o.bios);
  },
  listState: function* (o) {
    if (!(yield* list_empty(o.list))) yield* list_is_singular(o.list);
  },
  device: function* (o) {
    yield* device_add(o.dev);
    yield* sysfs_create_link(o.dev.kobj, o.dev.kobj, 'self');
    yield* sysfs_read(o.dev.kobj, 'none');
    yield* device_del(o.dev);
  },
  group: function* (o, n) {
    const group = { name: 'g', attrs: { a: { mode: 0o444 } }, is_visible: () => n % 2 === 0 };
    yield* sysfs_create_group(o.dev.kobj, group);
    yield* sysfs_update_group(o.dev.kobj, group);
  },
  disk: function* (o, n) {
    const disk = yield* blk_alloc_disk(0, { lim: { max_sectors: 4 } });
    disk.fops = { submit_bio: splitAndEnd };
    if (n % 2 === 0) disk.state |= 1 << GD_SUPPRESS_PART_SCAN;
    disk.part0.bd_nr_sectors = 100;
    disk.partition_table = [{ partno: 1, start: 8, sectors: 8 }];
    yield* device_add_disk(null, disk);
    yield* store(o, 'disk', disk);
    yield* del_gendisk(disk);
  },
  submit: function* (o, n) {
    const disk = yield* load(o, 'disk');
    if (disk === null) return;
    yield* submit_bio(new bio({ bi_opf: REQ_OP_WRITE, bi_bdev: disk.part0, bi_size: 1024 * n }));
  },
  openDisk: function* (o) {
    const disk = yield* load(o, 'disk');
    if (disk !== null && (yield* bdev_open(disk)) === 0) yield* bdev_release(disk);
  },
  openPartition: function* (o) {
    const disk = yield* load(o, 'disk');
    const [part] = disk === null ? [] : yield* partitionsOf(disk);
    if (part !== undefined && (yield* bdev_open(part)) === 0) yield* bdev_release(part);
  },
  scan: function* (o) {
    const disk = yield* load(o, 'disk');
    if (disk !== null) yield* disk_scan_partitions(disk, 1);
  },
  cache: function* (o, n) {
    const disk = yield* load(o, 'disk');
    if (disk === null) return;
    yield* blkdev_write_iter(disk.part0, n, 2);
    yield* sync_blockdev(disk.part0);
  },
  limits: function* (o, n) {
    const disk = yield* load(o, 'disk');
    if (disk === null) return;
    yield* queue_limits_start_update(disk.queue);
    yield* queue_limits_commit_update(disk.queue, { max_sectors: n + 1 });
  },
  cdev: function* (o) {
    yield* cdev_init(o.cdev, {});
    yield* cdev_device_add(o.cdev, o.cdev_device);
    yield* cdev_device_del(o.cdev, o.cdev_device);
  },
  openCdev: function* (o) {
    const f = yield* filp_open(o.cdev_device.devt);
    if (typeof f !== 'number') yield* fput(f);
  },
};

/** Bodies that have something to do with each other, so that a small program of them meets itself. */
export const themes: readonly (readonly string[])[] = [
  ['walk', 'move', 'listState'],
  ['walk', 'walk', 'move', 'callSrcu'],
  ['spin', 'readSem', 'writeSem', 'waitEvent', 'wake', 'waitVar'],
  ['waitDone', 'complete', 'waitDoneTimeout'],
  ['waitEvent', 'waitExclusive', 'waitTimeout', 'wake'],
  ['readRcu', 'syncRcu', 'callRcu', 'barrierRcu'],
  ['queue', 'queueOrdered', 'flush', 'cancel'],
  ['queue', 'queueRescued', 'flush', 'flushAgain', 'takeOff'],
  ['queuePerCpu', 'queueRescued', 'queueOrdered', 'cancelOnly', 'flushQueue', 'drain'],
  ['modDelayed', 'cancelDelayed', 'flushDelayed', 'sleep', 'queue'],
  ['put', 'count', 'bits', 'slots', 'walk'],
  ['bits', 'bits', 'word', 'slots', 'emptySlots'],
  ['pin', 'unload', 'bios'],
  ['disk', 'submit', 'submit', 'device'],
  ['disk', 'openDisk', 'openPartition', 'scan', 'cache'],
  ['disk', 'submit', 'cache', 'limits'],
  ['device', 'group', 'cdev', 'openCdev', 'openCdev'],
];

/** A program of one task for each part: a body and its number; its state is the global `o`. */
export const mixed =
  (parts: readonly (readonly [string, number])[]) =>
  (machine: Machine): void => {
    const o = new everything();
    machine.globals.set('o', o);
    boot(machine, function* () {
      for (const e of o.entries.slice(0, 2)) yield* list_add_tail_rcu(e.node, o.list);
    });
    for (const [i, [body, n]] of parts.entries()) {
      const start = bodies[body];
      if (start === undefined) continue;
      machine.spawn(
        `t${String(i)}`,
        kfn(body, function* () {
          yield* start(o, n);
        }),
      );
    }
  };
