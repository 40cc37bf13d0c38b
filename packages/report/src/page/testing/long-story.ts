// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryChange, StoryEdge, StoryEvent } from '@libmultipath/contract';

const TASKS = 8;

/** A schedule of so many steps in which eight tasks count one reference up and down, and the last step is too late. */
export const longStory = (length: number): FindingStory => {
  const events: StoryEvent[] = [];
  const edges: StoryEdge[] = [];
  const changes: Record<number, StoryChange[]> = {};
  let refs = 1;
  for (let index = 0; index < length; index++) {
    const task = Math.floor(index / 3) % TASKS;
    const last = index === length - 1;
    const freeing = index === length - 2;
    const before = refs;
    if (!last && !freeing) refs += index % 6 < 3 ? 1 : -1;
    const place = {
      object: freeing ? 'thing#1' : 'thing#1.refcount_t',
      target: freeing ? 'thing.*' : 'refcount_t.refs',
    };
    events.push({
      index,
      task: `task ${String(task)}`,
      stack: ['thing_work', index % 6 < 3 ? 'thing_get' : 'thing_put'],
      op: freeing ? 'kfree' : index % 6 < 3 ? 'refcount_inc' : 'refcount_dec_and_test',
      ...place,
      state: last ? 'freed memory' : freeing ? 'live → freed' : `${String(before)} → ${String(refs)}`,
      matters: index % 5 !== 4 || index > length - 10,
      ...(last ? { site: 0 as const } : freeing ? { site: 1 as const } : {}),
    });
    if (before !== refs) {
      changes[index] = [{ key: 'thing#1.refcount_t.refs', before: String(before), after: String(refs) }];
    }
    if (index > 0 && index % 3 === 0) edges.push({ from: index - 1, to: index, over: 'thing#1.refcount_t.refs' });
  }
  const moment = { task: 'task 0', stack: ['thing_work'] };
  return {
    finding: {
      id: 'UAF-012345',
      class: 'use-after-free',
      object: 'thing',
      functions: ['thing_put'],
      sites: ['thing_put: refcount_dec_and_test refcount_t.refs', 'thing_put: kfree thing.*'],
      tasks: Array.from({ length: TASKS }, (_, task) => `task ${String(task)}`),
      switches: Math.floor(length / 3),
      events: length,
      message: 'KASAN: slab-use-after-free in thing_put',
      replay: 'mpath1.q1YqUrJSKlbSUUpUslJKSVWqBQA.0a1b2c3d',
    },
    program: 'a long run',
    revision: 'v3',
    bound: 'sampled 200,000 schedules, seed 7',
    count: 1,
    object: 'thing#1',
    task: events.at(-1)?.task ?? '',
    stack: ['thing_put', 'thing_work'],
    access: { kind: 'Write', target: 'refcount_t.refs' },
    places: [{ role: 'freed by', task: 'task 0', stack: ['thing_work'] }],
    waiters: [],
    rest: 0,
    events,
    after: [],
    detail: {
      tasks: Array.from({ length: TASKS }, (_, task) => ({
        name: `task ${String(task)}`,
        kind: (['user', 'kworker', 'timer', 'irq'] as const)[task % 4] ?? 'user',
        cpu: task % 2,
      })),
      edges,
      initial: { 'thing#1.refcount_t.refs': '1', 'thing#1': 'live' },
      changes,
      rests: [],
      objects: [
        {
          label: 'thing#1',
          allocated: { index: -1, ...moment },
          freed: { index: length - 2, ...moment },
          references: events.slice(0, 40).map(({ index, task, op, state }) => ({
            index,
            task,
            fn: 'thing_work',
            change: op === 'refcount_inc' ? ('taken' as const) : ('dropped' as const),
            counter: 'thing#1.refcount_t.refs',
            count: Number(state.split(' ').at(-1)),
          })),
          uses: length,
          lastUse: length - 1,
          usedAfter: [length - 1],
        },
      ],
      docs: [
        { fn: 'thing_put', text: 'Drops a reference. Kernel: `thing_put()`, v3 patch 01.', file: 'core/src/thing.ts' },
      ],
      remedy: 'thing-put-last',
    },
  };
};
