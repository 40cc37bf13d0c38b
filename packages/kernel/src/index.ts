// SPDX-License-Identifier: GPL-2.0-only

export { boot } from './boot.js';
export { expectBoolean, expectInteger, expectPointer, expectSteps, expectString } from './callback.js';
export * from './chooser.js';
export { current, currentMachine, withCurrent } from './current.js';
export { stateDigest } from './digest.js';
export { kernelErrors } from './errors.js';
export { Frame } from './frame.js';
export { Operation } from './operation.js';
export { Activation, watchCalls, type CallWatcher } from './calls.js';
export { kfn, makeStep, type KernelFunction } from './kfn.js';
export * from './machine.js';
export { Allocation, KObject, MAKER, NTH_MADE, type FreeGuard, type Where } from './object.js';
export type { Interchangeable, Program, ProgramRun, Property } from './program.js';
export { Oops, type Report, type ReportClass } from './report.js';
export {
  commutes,
  conflicts,
  holdsBack,
  keepsOut,
  nothing,
  overlaps,
  setAlike,
  siteLabel,
  siteOf,
  Step,
  StepTraits,
  WHOLE,
  writes,
  type Access,
  type Ordering,
  type Site,
  type StepOptions,
  type Steps,
  type Touch,
} from './step.js';
export { Task, type TaskKind, type TaskOptions } from './task.js';
export {
  distanceOf,
  LOCAL_DISTANCE,
  NUMA_NO_NODE,
  possibleNodes,
  REMOTE_DISTANCE,
  singleNode,
  type NumaTopology,
} from './topology.js';

export * from './atomic/atomic.js';
export * from './bits/bits.js';
export { device_add_disk } from './block/add-disk.js';
export { address_space } from './block/address-space.js';
export { bdev_file, bdev_file_open_by_dev, bdev_fput } from './block/bdev-file.js';
export { bdev_open, bdev_release, get_disk } from './block/bdev.js';
export { bio_chain, bio_chain_endio } from './block/bio-chain.js';
export * from './block/bio-clone.js';
export * from './block/bio-list.js';
export { bio_get, bio_put } from './block/bio-reference.js';
export * from './block/bio.js';
export * from './block/blk-status.js';
export * from './block/blkdev-ioctl.js';
export { bdev_is_zoned, blkdev_report_zones } from './block/blkdev-zones.js';
export * from './block/block-device-operations.js';
export { blk_mark_disk_dead, del_gendisk } from './block/del-gendisk.js';
export * from './block/disk.js';
export * from './block/gendisk.js';
export * from './block/ioctl-numbers.js';
export { bdev_mark_dead } from './block/mark-dead.js';
export * from './block/page-cache.js';
export { bdev_disk_changed, disk_has_partscan } from './block/partitions.js';
export { queueLimits, stackingLimits, type queue_limits } from './block/queue-limits.js';
export * from './block/queue.js';
export { request_queue } from './block/request-queue.js';
export { disk_scan_partitions } from './block/scan-partitions.js';
export { bio_split_to_limits, submit_bio, submit_bio_noacct } from './block/submit-bio.js';
export * from './block/super-block.js';
export * from './block/update-limits.js';
export { cdev_add, cdev_del, cdev_device_add, cdev_device_del, cdev_init } from './cdev/cdev-add.js';
export { cdev_get, cdev_put } from './cdev/cdev-reference.js';
export { cdev, MKDEV } from './cdev/cdev.js';
export { chrdev_open, filp_open } from './cdev/chrdev-open.js';
export { chrdevs, theChrdevs } from './cdev/chrdevs.js';
export * from './cdev/file.js';
export { inode } from './cdev/inode.js';
export * from './cred/capability.js';
export * from './device/device.js';
export {
  kobject,
  SYSFS_GROUP_INVISIBLE,
  type attribute,
  type attribute_group,
  type is_visible,
} from './device/kobject.js';
export { sysfs_read, sysfs_write } from './device/sysfs-attribute.js';
export {
  DEFINE_SIMPLE_SYSFS_GROUP_VISIBLE,
  DEFINE_SYSFS_GROUP_VISIBLE,
  sysfs_create_group,
  sysfs_create_groups,
  sysfs_remove_group,
  sysfs_update_group,
} from './device/sysfs-group.js';
export * from './device/sysfs-link.js';
export * from './errno/errno.js';
export * from './ida/ida.js';
export * from './io-uring/uring-cmd.js';
export { list_entries, list_head, LIST_POISON1, LIST_POISON2 } from './list/list-head.js';
export * from './list/list-modify.js';
export * from './list/list-read.js';
export { mutex, mutex_is_locked, mutex_lock, mutex_trylock, mutex_unlock } from './locks/mutex.js';
export * from './locks/rw-semaphore.js';
export * from './locks/spinlock.js';
export * from './memory/access.js';
export { activeInFreedMemory } from './findings/active-freed.js';
export { data_race, dataRace, type DataRace, type TakenStep } from './findings/data-race.js';
export { hungTasks } from './findings/hung-tasks.js';
export { leaks } from './findings/leaks.js';
export { unbalancedModules } from './findings/module-references.js';
export { waitsFor } from './findings/waits-for.js';
export * from './memory/alloc.js';
export { checkLive, checkPointer } from './memory/check.js';
export { refused, type AllocationSite, type Failable, type Fallible } from './memory/failable.js';
export { kmemleak_alloc, kmemleak_free, kmemleak_not_leak } from './memory/heap.js';
export { initialised, isUninitialised, uninitialised } from './memory/uninitialised.js';
export { checkText, in_module, this_module } from './module/in-module.js';
export * from './module/module.js';
export * from './numa/numa.js';
export { bitmap_list } from './parse/bitmap-list.js';
export * from './parse/kstrtox.js';
export * from './parse/match.js';
export * from './printk/printk.js';
export { DEFAULT_RATELIMIT_BURST, DEFAULT_RATELIMIT_INTERVAL } from './printk/ratelimit.js';
export { call_rcu, call_srcu, kfree_rcu, rcu_barrier, rcu_head, srcu_barrier } from './rcu/callback.js';
export { rcu_read_lock, rcu_read_unlock, rcu_readers, synchronize_rcu } from './rcu/rcu.js';
export * from './refcount/kref.js';
export * from './refcount/refcount.js';
export { might_sleep } from './sched/might-sleep.js';
export { settle } from './sched/settle.js';
export * from './srcu/srcu.js';
export * from './time/jiffies.js';
export * from './time/msleep.js';
export { mod_timer, timer_delete, timer_delete_sync, timer_list, timer_pending } from './time/timer.js';
export * from './wait/completion.js';
export {
  wait_event,
  wait_event_idle_exclusive,
  wait_event_timeout,
  type Condition,
  type WaitCondition,
} from './wait/wait-event.js';
export * from './wait/wait-queue.js';
export * from './wait/wait-var.js';
export * from './workqueue/alloc-workqueue.js';
export { cancel_work, cancel_work_sync } from './workqueue/cancel-work.js';
export * from './workqueue/delayed-work.js';
export * from './workqueue/destroy-workqueue.js';
export * from './workqueue/flags.js';
export * from './workqueue/flush-work.js';
export {
  delayed_work_pending,
  kblockd_schedule_work,
  queue_work,
  queue_work_on,
  schedule_work,
  work_pending,
} from './workqueue/queue-work.js';
export { work_struct, type WorkOptions } from './workqueue/work.js';
export { current_work } from './workqueue/worker.js';
export { workqueue_struct, type WorkqueueOptions } from './workqueue/workqueue-struct.js';
export { register_trace_block_bio_remap, trace_block_bio_remap, type BioRemapProbe } from './block/trace.js';
