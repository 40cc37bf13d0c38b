// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryEvent } from '@libmultipath/contract';

const step = (
  index: number,
  task: string,
  stack: readonly string[],
  op: string,
  object: string,
  field: string,
  state: string,
  more: Partial<StoryEvent> = {},
): StoryEvent => {
  const kind = object.replaceAll(/#\d+/g, '').split('.').at(-1) ?? object;
  return { index, task, stack, op, object, target: `${kind}.${field}`, state, matters: true, ...more };
};

/** A last put against the waiter for it. */
export const freed: FindingStory = {
  finding: {
    id: 'UAF-f49010',
    class: 'use-after-free',
    object: 'mpath_head.srcu_struct',
    functions: ['mpath_put_head', 'driver_release'],
    sites: ['mpath_put_head: cleanup_srcu_struct srcu_struct.gp', 'driver_release: kfree mpath_head.*'],
    tasks: ['driver', 'opener'],
    switches: 3,
    events: 5,
    message: 'KASAN: slab-use-after-free in mpath_put_head',
    replay: 'mpath1.q1YqUrJSKlbSUUpUslJKSVWqBQA.0a1b2c3d',
  },
  program: 'last put',
  revision: 'v3',
  bound: 'complete (sequential consistency)',
  count: 10,
  object: 'mpath_head#1.srcu_struct',
  task: 'opener',
  stack: ['mpath_put_head', 'toy_release'],
  access: { kind: 'Write', target: 'srcu_struct.gp' },
  places: [
    { role: 'allocated by', task: 'boot', stack: [] },
    { role: 'freed by', task: 'driver', stack: ['driver_release'] },
  ],
  waiters: [],
  rest: 0,
  events: [
    step(
      0,
      'driver',
      ['driver_release', 'mpath_head_uninit'],
      'refcount_dec_and_test',
      'mpath_head#1.refcount_t',
      'refs',
      '2 → 1',
    ),
    step(
      1,
      'opener',
      ['toy_release', 'mpath_put_head'],
      'refcount_dec_and_test',
      'mpath_head#1.refcount_t',
      'refs',
      '1 → 0',
    ),
    step(
      2,
      'driver',
      ['driver_release', 'mpath_head_uninit'],
      'wait_condition',
      'mpath_head#1.refcount_t',
      'refs',
      '= true',
    ),
    step(3, 'driver', ['driver_release'], 'kfree', 'mpath_head#1', '*', 'live → freed', { site: 1 }),
    step(
      4,
      'opener',
      ['toy_release', 'mpath_put_head'],
      'cleanup_srcu_struct',
      'mpath_head#1.srcu_struct',
      'gp',
      'freed memory',
      { site: 0 },
    ),
  ],
  after: [],
};

/** A remover behind a partition scan that waits for ever. */
export const hung: FindingStory = {
  finding: {
    id: 'HANG-0c0ffe',
    class: 'hang',
    object: 'completion',
    functions: ['bdev_disk_changed'],
    sites: ['bdev_disk_changed: wait_for_completion completion.done'],
    tasks: ['remover', 'kworker/scan'],
    switches: 2,
    events: 9,
    message: 'INFO: task kworker/scan blocked for more than 120 seconds.',
    replay: 'mpath1.q1YqUrJSKlbSUUpUslJKSVWqBQA.0a1b2c3d',
  },
  program: 'scan against removal',
  revision: 'v3',
  bound: 'complete up to 2 preemptions (sequential consistency)',
  count: 3,
  object: 'completion#1',
  task: 'kworker/scan',
  stack: ['bdev_disk_changed', 'mpath_partition_scan_work'],
  places: [],
  waiters: [
    {
      task: 'kworker/scan',
      site: 'bdev_disk_changed: wait_for_completion completion.done',
      object: 'completion#1',
      stack: ['bdev_disk_changed', 'mpath_partition_scan_work'],
      waitsFor: [],
      holds: ['gendisk#1.mutex'],
    },
    {
      task: 'remover',
      site: 'del_gendisk: mutex_lock mutex.owner',
      object: 'gendisk#1.mutex',
      stack: ['del_gendisk', 'mpath_remove_disk'],
      waitsFor: ['kworker/scan'],
      holds: [],
    },
  ],
  rest: 1,
  events: [
    step(0, 'remover', ['mpath_remove_disk'], 'test_and_clear_bit', 'mpath_head#1', 'flags[1]', 'set → clear', {
      matters: false,
    }),
    step(1, 'remover', ['mpath_remove_disk'], 'queue_work', 'mpath_head#1.work_struct', 'data', 'idle → pending', {
      matters: false,
    }),
    step(
      2,
      'kworker/scan',
      ['mpath_partition_scan_work'],
      'mutex_lock',
      'gendisk#1.mutex',
      'owner',
      'free → held by kworker/scan',
    ),
    step(
      3,
      'kworker/scan',
      ['mpath_partition_scan_work', 'bdev_disk_changed', 'submit_bio'],
      'bio_list_add',
      'mpath_head#1.bio_list',
      'head',
      '',
    ),
    step(
      4,
      'remover',
      ['mpath_remove_disk', 'del_gendisk'],
      'READ_ONCE',
      'gendisk#1.block_device',
      'hashed',
      '= true',
      { matters: false },
    ),
  ],
  after: ['WARN-123456'],
};

/** A put too many. */
export const underflow: FindingStory = {
  ...freed,
  finding: {
    ...freed.finding,
    id: 'REF-abcdef',
    class: 'refcount',
    message: 'refcount_t: underflow; use-after-free.',
    sites: ['mpath_put_head: refcount_dec_and_test refcount_t.refs'],
  },
  places: [{ role: 'allocated by', task: 'boot', stack: [] }],
  events: freed.events.slice(1, 2).map((event) => ({ ...event, site: 0 as const, state: '0 → -1' })),
};
