// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  KObject,
  load,
  mutex,
  mutex_lock,
  mutex_unlock,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  store,
  synchronize_srcu,
  type Program,
  type Steps,
} from '@libmultipath/kernel';

/*
 * Three shapes of multipath, as small as other checkers can hold them: the same atomic steps
 * stand in bench/peers/ of the repository. A final state says how many tasks ended which way, and what the
 * shared fields hold.
 */

class shape_path extends KObject {
  disabled = 0;
}

class shape_head extends KObject {
  readonly srcu = new srcu_struct(this);
  readonly lock = new mutex(this);
  /** 0: none; 1, 2: the path. A number, since peers have no pointers. */
  current_path = 0;
  live = 1;
  available = 0;
  parked = 0;
  sent = 0;
  readonly paths = [new shape_path(), new shape_path()];
}

/** One way to end, counted over the tasks. */
type Ends = number[];

const pathOf = (head: shape_head, n: number): shape_path => head.paths[n - 1] ?? new shape_path();

/** The cached path, or the first that is not disabled, which is then cached. Gives the number of the path. */
const select = kfn('shape_select', function* (head: shape_head): Steps<number> {
  const idx = yield* srcu_read_lock(head.srcu);
  let found = yield* load(head, 'current_path');
  if (found === 0) {
    if ((yield* load(pathOf(head, 1), 'disabled')) === 0) found = 1;
    else if ((yield* load(pathOf(head, 2), 'disabled')) === 0) found = 2;
    if (found !== 0) yield* store(head, 'current_path', found);
  }
  yield* srcu_read_unlock(head.srcu, idx);
  return found;
});

const disable = kfn('shape_disable', function* (head: shape_head): Steps<void> {
  yield* store(pathOf(head, 1), 'disabled', 1);
  if ((yield* load(head, 'current_path')) === 1) yield* store(head, 'current_path', 0);
  yield* synchronize_srcu(head.srcu);
  if ((yield* load(head, 'current_path')) === 1) yield* store(head, 'current_path', 0);
});

/** Inside a section: counts the bio if the disk is live. 1: sent, 0: failed. */
const submit = kfn('shape_submit', function* (head: shape_head): Steps<number> {
  const idx = yield* srcu_read_lock(head.srcu);
  const live = yield* load(head, 'live');
  if (live === 1) {
    yield* mutex_lock(head.lock);
    const sent = yield* load(head, 'sent');
    yield* store(head, 'sent', sent + 1);
    yield* mutex_unlock(head.lock);
  }
  yield* srcu_read_unlock(head.srcu, idx);
  return live;
});

const remove = kfn('shape_remove', function* (head: shape_head, ends: Ends): Steps<void> {
  yield* store(head, 'live', 0);
  yield* synchronize_srcu(head.srcu);
  ends.push(yield* load(head, 'sent'));
});

/** Looks before it takes the lock, as a submitter without a path does. 1: sent, 0: parked. */
const park = kfn('shape_park', function* (head: shape_head): Steps<number> {
  if ((yield* load(head, 'available')) === 1) return 1;
  yield* mutex_lock(head.lock);
  const parked = yield* load(head, 'parked');
  yield* store(head, 'parked', parked + 1);
  yield* mutex_unlock(head.lock);
  return 0;
});

const kick = kfn('shape_kick', function* (head: shape_head): Steps<void> {
  yield* store(head, 'available', 1);
  yield* mutex_lock(head.lock);
  yield* store(head, 'parked', 0);
  yield* mutex_unlock(head.lock);
});

type Worker = (head: shape_head) => Steps<number>;

const shape = (
  name: string,
  tasks: number,
  worker: Worker,
  other: (head: shape_head, seen: number[]) => Steps<void>,
  left: (head: shape_head) => readonly number[],
): Program => ({
  name: `${name} ${String(tasks)}`,
  make(machine) {
    const head = new shape_head();
    head.current_path = name === 'selection' ? 1 : 0;
    machine.globals.set('head', head);
    /** How each task ended; -1: not yet. */
    const ends = Array.from({ length: tasks }, () => -1);
    const seen: number[] = [];
    const names = ends.map((_, n) => `worker${String(n)}`);
    for (const [n, task] of names.entries()) {
      machine.spawn(task, function* () {
        ends[n] = yield* worker(head);
      });
    }
    machine.spawn('other', () => other(head, seen));
    return {
      symmetries: [names.map((task) => ({ tasks: [task] }))],
      outcome: () => [...[0, 1, 2].map((end) => ends.filter((one) => one === end).length), ...seen, ...left(head)],
    };
  },
});

/** Path selection under the removal of the cached path. */
export const selection = (tasks: number): Program =>
  shape('selection', tasks, select, disable, ({ current_path }) => [current_path]);

/** Submission against the removal of the disk. */
export const removal = (tasks: number): Program => shape('removal', tasks, submit, remove, ({ sent }) => [sent]);

/** Parking against the kick of who makes a path usable. */
export const parking = (tasks: number): Program => shape('parking', tasks, park, kick, ({ parked }) => [parked]);

export const shapes = { selection, removal, parking } as const;
