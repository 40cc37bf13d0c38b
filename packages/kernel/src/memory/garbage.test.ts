// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import {
  bio,
  bio_get,
  bio_list_add,
  blk_mq_freeze_queue,
  blk_queue_get,
  cancel_delayed_work_sync,
  cancel_work_sync,
  complete,
  type completion,
  type device,
  device_del,
  down_read,
  down_write,
  flush_work,
  kblockd_schedule_work,
  kref_get,
  list_del_rcu,
  mod_timer,
  mutex_lock,
  mutex_unlock,
  put_device,
  queue_work,
  refcount_dec_and_test,
  refcount_inc,
  refcount_inc_not_zero,
  spin_lock,
  srcu_read_lock,
  synchronize_srcu,
  system_wq,
  timer_delete_sync,
  try_module_get,
  wait_for_completion,
  type bio_list,
  type delayed_work,
  type kref,
  type list_head,
  type module,
  type mutex,
  type refcount_t,
  type request_queue,
  type rw_semaphore,
  type spinlock_t,
  type srcu_struct,
  type timer_list,
  type work_struct,
} from '../index.js';
import type { Steps } from '../step.js';
import { one } from '../testing/one.js';
import { uninitialised } from './uninitialised.js';

const ON_GARBAGE: readonly (readonly [string, (pointer: never) => Steps<unknown>])[] = [
  ['refcount_inc', (r: refcount_t) => refcount_inc(r)],
  ['refcount_inc_not_zero', (r: refcount_t) => refcount_inc_not_zero(r)],
  ['refcount_dec_and_test', (r: refcount_t) => refcount_dec_and_test(r)],
  ['kref_get', (r: kref) => kref_get(r)],
  ['mutex_lock', (lock: mutex) => mutex_lock(lock)],
  ['mutex_unlock', (lock: mutex) => mutex_unlock(lock)],
  ['spin_lock', (lock: spinlock_t) => spin_lock(lock)],
  ['down_read', (sem: rw_semaphore) => down_read(sem)],
  ['down_write', (sem: rw_semaphore) => down_write(sem)],
  ['srcu_read_lock', (ssp: srcu_struct) => srcu_read_lock(ssp)],
  ['synchronize_srcu', (ssp: srcu_struct) => synchronize_srcu(ssp)],
  ['queue_work', (work: work_struct) => queue_work(system_wq(), work)],
  ['kblockd_schedule_work', (work: work_struct) => kblockd_schedule_work(work)],
  ['flush_work', (work: work_struct) => flush_work(work)],
  ['cancel_work_sync', (work: work_struct) => cancel_work_sync(work)],
  ['cancel_delayed_work_sync', (work: delayed_work) => cancel_delayed_work_sync(work)],
  ['mod_timer', (timer: timer_list) => mod_timer(timer, 1)],
  ['timer_delete_sync', (timer: timer_list) => timer_delete_sync(timer)],
  ['complete', (x: completion) => complete(x)],
  ['wait_for_completion', (x: completion) => wait_for_completion(x)],
  ['try_module_get', (mod: module) => try_module_get(mod)],
  ['put_device', (dev: device) => put_device(dev)],
  ['device_del', (dev: device) => device_del(dev)],
  ['bio_get', (b: bio) => bio_get(b)],
  ['blk_queue_get', (q: request_queue) => blk_queue_get(q)],
  ['blk_mq_freeze_queue', (q: request_queue) => blk_mq_freeze_queue(q)],
  ['list_del_rcu', (entry: list_head) => list_del_rcu(entry)],
  ['bio_list_add', (list: bio_list) => bio_list_add(list, new bio())],
];

it.each(ON_GARBAGE)('faults in %s of something that nobody made', (_name, use) => {
  const { reports, end } = one(function* () {
    yield* use(uninitialised<never>('struct path *', 'found'));
    throw new Error('the task went on');
  });
  expect([reports, end]).toEqual([['uninitialised: BUG: KMSAN: uninit-value in fn'], 'finished']);
});
