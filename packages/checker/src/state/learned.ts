// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_t,
  bio,
  bio_list,
  completion,
  KObject,
  module,
  Operation,
  wait_queue_head,
  work_struct,
  type Step,
} from '@libmultipath/kernel';
import type { Contents } from './contents.js';
import type { Fingerprint } from './fingerprint.js';

/** What a step is about to tell its task, as a number; undefined: cannot be told so. */
type Learns = (object: KObject, contents: Contents) => number | undefined;

interface Known {
  readonly learns: Learns;
  /** Whose steps they are: an op of that name on another kind of object is somebody else's. */
  readonly of: abstract new (...args: never[]) => KObject;
}

const MAX_ELEMENTS = 64;

const nothing: Learns = () => 0;

/** The entries as one number; their order counts. */
const bioListContent: Learns = (object, contents) => {
  if (!(object instanceof bio_list)) return undefined;
  let told = 17;
  let count = 0;
  for (let at = object.head; at !== null; at = at.bi_next) {
    if (++count > MAX_ELEMENTS) return undefined;
    told = Math.imul(told, 0x01000193) ^ (contents.scalar(at) ?? 0);
  }
  return told;
};

/** Not exported by class: told by what it has. */
const refsThat =
  (tells: (refs: number) => number): Learns =>
  (object) => {
    const refs: unknown = Reflect.get(object, 'refs');
    return typeof refs === 'number' ? tells(refs) : undefined;
  };

const table = new Map<string, Known>();
const enter = (learns: Learns, of: Known['of'], ...ops: readonly string[]): void => {
  for (const op of ops) table.set(op, { learns, of });
};

enter(
  refsThat((refs) => refs),
  KObject,
  'refcount_read',
);
enter(nothing, KObject, 'refcount_set', 'refcount_inc', 'refcount_dec');
enter(
  refsThat((refs) => Number(refs !== 0)),
  KObject,
  'refcount_inc_not_zero',
);
enter(nothing, bio_list, 'bio_list_add');
enter(bioListContent, bio_list, 'bio_list_get', 'bio_list_pop');
enter((object) => (object instanceof bio_list ? Number(object.head === null) : undefined), bio_list, 'bio_list_empty');
enter(
  (object) => (object instanceof bio ? Number(object.completed) : undefined),
  bio,
  'bio_endio',
  'bio_io_error',
  'bio_wouldblock_error',
  'bio_reset',
);
enter(nothing, KObject, 'blk_queue_get', 'blk_freeze_queue_start', 'blk_mq_freeze_queue_wait', 'blk_mq_unfreeze_queue');
enter(nothing, completion, 'complete', 'complete_all', 'reinit_completion', 'wait_for_completion');
enter(nothing, wait_queue_head, 'wake_up', 'wake_up_all', 'wake_up_nr', 'prepare_to_wait', 'finish_wait');
enter((object) => (object instanceof work_struct ? Number(object.pending) : undefined), work_struct, 'work_pending');
enter(nothing, work_struct, 'work_done');
enter(nothing, module, '__module_get', 'module_put');
enter((object, contents) => contents.scalar(Reflect.get(object, 'state')), module, 'try_module_get');
enter(nothing, atomic_t, 'atomic_set');

const listed = (step: Step): Known | undefined => {
  if (step.object.alloc.freed) return undefined;
  const known = table.get(step.op);
  return known !== undefined && step.object instanceof known.of ? known : undefined;
};

/**
 * Before the effect: adds what a step is about to tell its task. A primitive that neither says so, nor is
 * listed or an {@link Operation} may tell it all that the objects hold which it touches.
 */
export const addLearned = (step: Step, into: Fingerprint, contents: Contents): void => {
  if (step instanceof Operation) return;
  const { tells } = step.traits;
  if (tells !== undefined) {
    into.add(Number(step.object.alloc.freed));
    contents.add(tells(), into);
    return;
  }
  const told = listed(step)?.learns(step.object, contents);
  if (told !== undefined) {
    into.add(told);
    return;
  }
  into.add(Number(step.object.alloc.freed));
  contents.addFields(step.object, into);
  for (const { object } of step.also ?? []) {
    if (object === step.object) continue;
    into.add(Number(object.alloc.freed));
    contents.addFields(object, into);
  }
};

/** After the effect: adds what an operation gave its task, which is all that it told. */
export const addResult = (step: Step, into: Fingerprint, contents: Contents): void => {
  if (step instanceof Operation) contents.add(step.result, into);
};
