// SPDX-License-Identifier: GPL-2.0-only
import {
  KObject,
  rw_semaphore,
  spinlock_t,
  srcu_readers,
  srcu_struct,
  Task,
  wait_queue_head,
  WHOLE,
  work_struct,
  mutex,
  type Step,
} from '@libmultipath/kernel';

/** A value of the simulated kernel as a trace shows it; undefined: nothing that fits a line. */
export const shownValue = (value: unknown): string | undefined => {
  if (value === null) return 'NULL';
  if (value instanceof KObject) return value.label;
  if (value instanceof Task) return value.name;
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string') ? value.join(', ') : undefined;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return String(value);
  return undefined;
};

const elementPattern = /^(.+)\[(\d+)\]$/;

const fieldOf = (object: KObject, field: string): unknown => {
  const [, base, index] = elementPattern.exec(field) ?? [];
  if (base === undefined || index === undefined) return Reflect.get(object, field);
  const whole: unknown = Reflect.get(object, base);
  if (Array.isArray(whole)) return whole[Number(index)];
  // A bit of a word.
  return typeof whole === 'number' ? ((whole >> Number(index)) & 1 ? 'set' : 'clear') : undefined;
};

const names = (tasks: Iterable<Task>): string =>
  [...tasks]
    .map(({ name }) => name)
    .sort()
    .join(', ');

/** What matters of the field that a step touches, in words; undefined: nothing to tell. */
export const stateOf = ({ object, field }: Pick<Step, 'object' | 'field'>): string | undefined => {
  if (field === WHOLE) return object.alloc.freed ? 'freed' : 'live';
  if (object.alloc.freed) return 'freed memory';
  if (object instanceof mutex || object instanceof spinlock_t) {
    return object.owner === null ? 'free' : `held by ${object.owner.name}`;
  }
  if (object instanceof rw_semaphore) {
    if (object.writer !== null) return `held by ${object.writer.name}`;
    return object.readers.size === 0 ? 'free' : `read by ${names(object.readers)}`;
  }
  if (object instanceof srcu_struct) {
    if (object.cleanedUp) return 'cleaned up';
    const readers = srcu_readers(object);
    return readers.length === 0 ? 'no reader' : `readers: ${readers.join(', ')}`;
  }
  if (object instanceof work_struct) {
    return (
      [object.pending ? 'pending' : '', object.running === null ? '' : 'running'].filter(Boolean).join(', ') || 'idle'
    );
  }
  if (object instanceof wait_queue_head) {
    const waiting = [...object.entries].filter(({ woken }) => !woken).length;
    return `${String(waiting)} waiting`;
  }
  return shownValue(fieldOf(object, field));
};

/** One line on what a step did: `2 → 1`, `= NULL`; empty where there is nothing to tell. */
export const changeOf = (before: string | undefined, after: string | undefined, value: unknown): string => {
  if (before === 'freed memory') return before;
  if (before !== undefined && after !== undefined && before !== after) return `${before} → ${after}`;
  // Whom a grace period waited for stands in the state before.
  const given = Array.isArray(value) && after !== undefined ? undefined : shownValue(value);
  if (after !== undefined && (given === undefined || given === after)) return `= ${after}`;
  if (given !== undefined) return `= ${given}`;
  return after === undefined ? '' : `= ${after}`;
};
