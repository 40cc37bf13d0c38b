// SPDX-License-Identifier: GPL-2.0-only
import { atomic_t, bio, bio_list, KObject, list_head, mutex, spinlock_t, Task, type Step } from '@libmultipath/kernel';
import type { Fingerprint, Names } from './fingerprint.js';
import type { ObjectNames } from './object-names.js';

/**
 * What is known of a primitive: all that its step changes is what `view` shows, and all
 * that its task learns is `learns`. A step that is not listed is taken to learn everything
 * that ever happened to what it touches, and to leave something new there.
 */
export interface Exact {
  /** Adds the state behind the step's field; false: it cannot be told. */
  readonly view: (step: Step, base: string, into: Fingerprint, values: Values) => boolean;
  /** What the task will know of it, as a number; undefined: cannot be told. Asked before the effect. */
  readonly learns: (step: Step, base: string, values: Values) => number | undefined;
  /** Whose steps they are: an op of that name on another kind of object is somebody else's. */
  readonly of: abstract new (...args: never[]) => KObject;
}

const NULL = 3;
const UNDEFINED = 4;
const TRUE = 5;
const FALSE = 6;
const SMALL = 1 << 27;
const MAX_ELEMENTS = 64;

/** Numbers for what a field may hold. */
export class Values {
  constructor(
    readonly names: Names,
    readonly objects: ObjectNames,
    private readonly taskName: (task: Task) => number,
  ) {}

  /** undefined: a value whose identity cannot be told. */
  of(value: unknown): number | undefined {
    if (value === null) return NULL;
    switch (typeof value) {
      case 'undefined':
        return UNDEFINED;
      case 'boolean':
        return value ? TRUE : FALSE;
      case 'number':
        return Number.isInteger(value) && value < SMALL && value > -SMALL && !Object.is(value, -0)
          ? value * 8
          : this.names.of(`number ${String(value)}`) * 8 + 2;
      case 'string':
        return this.names.of(`text ${value}`) * 8 + 2;
      case 'object': {
        if (value instanceof KObject) {
          const name = this.objects.of(value);
          return name === undefined ? undefined : name * 8 + 1;
        }
        return value instanceof Task ? this.taskName(value) * 8 + 7 : undefined;
      }
      default:
        return undefined;
    }
  }
}

const propertyOf = (step: Step, base: string): unknown => Reflect.get(step.object, base);

const wholeProperty: Exact['view'] = (step, base, into, values) => {
  const value = propertyOf(step, base);
  if (Array.isArray(value)) {
    if (value.length > MAX_ELEMENTS) return false;
    for (const item of value) {
      const number = values.of(item);
      if (number === undefined) return false;
      into.add(number);
    }
    into.add(value.length);
    return true;
  }
  const number = values.of(value);
  if (number === undefined) return false;
  into.add(number);
  return true;
};

const indexOf = (field: string, base: string): number =>
  field.length === base.length ? -1 : Number(field.slice(base.length + 1, -1));

const nothing = (): number => 0;

const ownValue: Exact['learns'] = (step, base, values) => {
  const value = propertyOf(step, base);
  const index = indexOf(step.field, base);
  if (index < 0) return values.of(value);
  return Array.isArray(value) && index in value ? values.of(value[index]) : undefined;
};

const bitOf: Exact['learns'] = (step, base) => {
  const word = propertyOf(step, base);
  return typeof word === 'number' ? (word >> indexOf(step.field, base)) & 1 : undefined;
};

const numberThat =
  (tells: (value: number) => boolean): Exact['learns'] =>
  (step, base) => {
    const value = propertyOf(step, base);
    return typeof value === 'number' ? Number(tells(value)) : undefined;
  };

const isNull: Exact['learns'] = (step, base) => Number(propertyOf(step, base) === null);

const bioListView: Exact['view'] = (step, _base, into, values) => {
  const { object } = step;
  if (!(object instanceof bio_list)) return false;
  let count = 0;
  for (let at = object.head; at !== null; at = at.bi_next) {
    const number = values.of(at);
    if (number === undefined || ++count > MAX_ELEMENTS) return false;
    into.add(number);
  }
  into.add(count);
  return true;
};

/** The entries' names as one number; their order counts. */
const bioListContent: Exact['learns'] = ({ object }, _base, values) => {
  if (!(object instanceof bio_list)) return undefined;
  let text = '';
  let count = 0;
  for (let at = object.head; at !== null; at = at.bi_next) {
    const number = values.of(at);
    if (number === undefined || ++count > MAX_ELEMENTS) return undefined;
    text += ` ${String(number)}`;
  }
  return values.names.of(`bios${text}`);
};

const bioView: Exact['view'] = ({ object }, _base, into, values) => {
  if (!(object instanceof bio)) return false;
  const status = values.of(object.bi_status);
  if (status === undefined) return false;
  into.add(status).add(Number(object.completed));
  return true;
};

/** Not exported by class: told by what it has. */
const queueWord = (object: KObject): readonly [number, number, number] | undefined => {
  const usage: unknown = Reflect.get(object, 'usage');
  const frozen: unknown = Reflect.get(object, 'mq_freeze_depth');
  if (typeof usage !== 'number' || typeof frozen !== 'number') return undefined;
  return [usage, frozen, Number(Reflect.get(object, 'dying') === true)];
};

const queueView: Exact['view'] = ({ object }, _base, into) => {
  const word = queueWord(object);
  if (word === undefined) return false;
  into.add(word[0]).add(word[1]).add(word[2]);
  return true;
};

/** May it enter, and if not, why. */
const queueState: Exact['learns'] = ({ object }) => {
  const word = queueWord(object);
  return word === undefined ? undefined : word[1] === 0 ? 0 : 1 + word[2];
};

const nextIsSelf: Exact['learns'] = ({ object }) =>
  object instanceof list_head ? Number(object.next === object) : undefined;

const field = (learns: Exact['learns'], of: Exact['of'] = KObject): Exact => ({ view: wholeProperty, learns, of });

const table = new Map<string, Exact>();
const enter = (exact: Exact, ...ops: readonly string[]): void => {
  for (const op of ops) table.set(op, exact);
};

enter(field(ownValue), 'load', 'READ_ONCE', 'rcu_dereference', 'bdev_nr_sectors');
enter(field(nothing), 'store', 'WRITE_ONCE', 'rcu_assign_pointer');
enter(field(bitOf), 'test_bit', 'test_and_set_bit', 'test_and_clear_bit');
enter(field(nothing), 'set_bit', 'clear_bit');
enter(field(ownValue, atomic_t), 'atomic_read', 'atomic_inc_return', 'atomic_dec_return', 'atomic_dec_if_positive');
enter(field(nothing, atomic_t), 'atomic_inc', 'atomic_dec', 'atomic_set');
enter(
  field(
    numberThat((value) => value === 1),
    atomic_t,
  ),
  'atomic_dec_and_test',
);
enter(field(ownValue), 'refcount_read');
enter(field(nothing), 'refcount_set', 'refcount_inc', 'refcount_dec');
enter(field(numberThat((value) => value !== 0)), 'refcount_inc_not_zero');
enter(field(numberThat((value) => value === 1)), 'refcount_dec_and_test');
enter(field(nothing, mutex), 'mutex_lock', 'mutex_unlock');
enter(field(isNull, mutex), 'mutex_trylock', 'mutex_is_locked');
enter(field(nothing, spinlock_t), 'spin_lock', 'spin_lock_irq', 'spin_lock_irqsave');
enter(field(nothing, spinlock_t), 'spin_unlock', 'spin_unlock_irq', 'spin_unlock_irqrestore');
enter(field(isNull, spinlock_t), 'spin_trylock_irqsave');
enter(field(nextIsSelf, list_head), 'list_empty');
enter(field(ownValue, list_head), 'list_first_or_null_rcu', 'list_next_or_null_rcu');
enter(field(ownValue, list_head), 'list_first_entry_or_null', 'list_next_or_null');
enter({ view: bioListView, learns: nothing, of: bio_list }, 'bio_list_add');
enter({ view: bioListView, learns: bioListContent, of: bio_list }, 'bio_list_get', 'bio_list_pop');
enter({ view: bioListView, learns: isNull, of: bio_list }, 'bio_list_empty');
enter(
  { view: bioView, learns: ({ object }) => (object instanceof bio ? Number(object.completed) : undefined), of: bio },
  'bio_endio',
  'bio_io_error',
  'bio_wouldblock_error',
  'bio_reset',
);

enter({ view: queueView, learns: queueState, of: KObject }, 'bio_queue_enter');
enter({ view: queueView, learns: nothing, of: KObject }, 'blk_queue_get', 'blk_queue_exit');
enter({ view: queueView, learns: nothing, of: KObject }, 'blk_freeze_queue_start', 'blk_mq_freeze_queue_wait');
enter({ view: queueView, learns: nothing, of: KObject }, 'blk_mq_unfreeze_queue');

/** What is known of the step; undefined: nothing beyond its footprint. */
export const exactly = (step: Step): Exact | undefined => {
  const exact = table.get(step.op);
  return exact !== undefined && step.object instanceof exact.of ? exact : undefined;
};
