// SPDX-License-Identifier: GPL-2.0-only

export { boot } from './boot.js';
export * from './chooser.js';
export { current, currentMachine, withCurrent } from './current.js';
export { stateDigest } from './digest.js';
export { kernelErrors } from './errors.js';
export { kfn, makeStep, type KernelFunction } from './kfn.js';
export * from './machine.js';
export { Allocation, KObject, type FreeGuard, type Where } from './object.js';
export type { Program, ProgramRun } from './program.js';
export { Oops, type Report, type ReportClass } from './report.js';
export {
  conflicts,
  siteLabel,
  Step,
  WHOLE,
  type Access,
  type Ordering,
  type Site,
  type StepOptions,
  type Steps,
  type Touch,
} from './step.js';
export { Task, Frame, type TaskKind, type TaskOptions } from './task.js';
export { distanceOf, LOCAL_DISTANCE, NUMA_NO_NODE, singleNode, type NumaTopology } from './topology.js';

export * from './atomic/atomic.js';
export * from './bits/bits.js';
export * from './block/bdev.js';
export * from './block/bio-list.js';
export * from './block/bio.js';
export * from './block/disk.js';
export * from './block/gendisk.js';
export * from './block/partitions.js';
export * from './block/queue.js';
export { submit_bio, submit_bio_noacct } from './block/submit-bio.js';
export * from './device/device.js';
export { kobject, type attribute, type attribute_group } from './device/kobject.js';
export {
  sysfs_add_link_to_group,
  sysfs_create_group,
  sysfs_create_link,
  sysfs_read,
  sysfs_remove_group,
  sysfs_remove_link,
  sysfs_remove_link_from_group,
  sysfs_write,
} from './device/sysfs.js';
export * from './errno/errno.js';
export { list_entries, list_head, LIST_POISON1, LIST_POISON2 } from './list/list-head.js';
export * from './list/list-modify.js';
export * from './list/list-read.js';
export { mutex, mutex_is_locked, mutex_lock, mutex_trylock, mutex_unlock } from './locks/mutex.js';
export * from './locks/rw-semaphore.js';
export * from './locks/spinlock.js';
export * from './memory/access.js';
export * from './memory/alloc.js';
export { checkLive, checkPointer } from './memory/check.js';
export { checkText, in_module, this_module } from './module/in-module.js';
export * from './module/module.js';
export * from './numa/numa.js';
export { bitmap_list } from './parse/bitmap-list.js';
export { kstrtouint } from './parse/kstrtouint.js';
export * from './printk/printk.js';
export * from './refcount/kref.js';
export * from './refcount/refcount.js';
export { might_sleep } from './sched/might-sleep.js';
export { settle } from './sched/settle.js';
export * from './srcu/srcu.js';
export * from './time/jiffies.js';
export * from './time/msleep.js';
export { mod_timer, timer_delete, timer_delete_sync, timer_list, timer_pending } from './time/timer.js';
export * from './wait/completion.js';
export * from './wait/wait-queue.js';
export * from './wait/wait-var.js';
export {
  alloc_workqueue,
  cancel_work_sync,
  destroy_workqueue,
  flush_work,
  kblockd,
  kblockd_schedule_work,
  queue_work,
  schedule_work,
  system_wq,
  work_pending,
} from './workqueue/queue-work.js';
export * from './workqueue/delayed-work.js';
export { work_struct, workqueue_struct, type WorkOptions, type WorkqueueOptions } from './workqueue/work.js';
export { register_trace_block_bio_remap, trace_block_bio_remap, type BioRemapProbe } from './block/trace.js';
