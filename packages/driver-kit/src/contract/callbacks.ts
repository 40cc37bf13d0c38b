// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryHead } from '@libmultipath/contract';
import { v1 } from '@libmultipath/core';
import {
  mutex,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  spinlock_t,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  type KObject,
  type Steps,
} from '@libmultipath/kernel';
import { foundOf, type Found } from './finding.js';
import type { Asked, ContractLab } from './laboratory.js';

/** Callbacks that choose a path: they are asked in the middle of an I/O. */
const QUESTIONS = ['is_disabled', 'is_optimized', 'available_path'] as const;
type Question = (typeof QUESTIONS)[number];

/** Those that are also asked with the head's lock held, by mpath_device_set_live(). */
const UNDER_LOCK: readonly Question[] = ['is_disabled', 'is_optimized'];

/** Arguments of a question: in v1, available_path() has a second place for its answer. */
export const asked = (head: BatteryHead, name: Question, dev: KObject): readonly unknown[] =>
  name === 'available_path' && isV1(head) ? [dev, { value: false }] : [dev];

/** v1 has other signatures, and its drivers finish a delayed removal themselves. */
export const isV1 = ({ object }: BatteryHead): boolean => object instanceof v1.mpath_head;

/** Asks one question about a path, as the library does: inside a read section of the head. */
const question = (lab: ContractLab, head: BatteryHead, dev: KObject, name: Question): Asked<unknown> => {
  const callback = lab.callback(head, name);
  const srcu: unknown = Reflect.get(head.object, 'srcu');
  return lab.ask(name, function* (): Steps<unknown> {
    if (callback === undefined || !(srcu instanceof srcu_struct)) return undefined;
    const idx = yield* srcu_read_lock(srcu);
    const value = yield* callback(...asked(head, name, dev));
    yield* srcu_read_unlock(srcu, idx);
    return value;
  });
};

const notWell = (name: Question, { reports, failure }: Asked<unknown>, where: string): Found[] => {
  const [first] = reports;
  if (first === undefined && failure === undefined) return [];
  return [
    {
      rule: 'no-sleep',
      callback: name,
      message: `${name}() called ${where}: ${first?.message ?? failure ?? ''}; expected it to return without sleeping or locking`,
    },
  ];
};

/** Each question with a spinlock held, and with the head's own lock. */
export const checkContext = (lab: ContractLab, head: BatteryHead, dev: KObject): Found[] =>
  QUESTIONS.flatMap((name) => {
    const callback = lab.callback(head, name);
    if (callback === undefined) return [];
    const atomic = lab.ask(name, function* () {
      const lock = new spinlock_t();
      yield* spin_lock(lock);
      yield* callback(...asked(head, name, dev));
      yield* spin_unlock(lock);
    });
    const found = notWell(name, atomic, 'in atomic context');
    const lock: unknown = Reflect.get(head.object, 'lock');
    if (found.length > 0 || !UNDER_LOCK.includes(name) || !(lock instanceof mutex)) return found;
    const locked = lab.ask(name, function* () {
      yield* mutex_lock(lock);
      yield* callback(dev);
      yield* mutex_unlock(lock);
    });
    return notWell(name, locked, 'with mpath_head.lock held, as mpath_device_set_live() does');
  });

/** Answers about one path in one state. */
interface Answers {
  readonly disabled: unknown;
  readonly optimized: unknown;
  readonly found: readonly Found[];
}

const answers = (lab: ContractLab, head: BatteryHead, dev: KObject): Answers => {
  const found: Found[] = [];
  const value = (name: Question): unknown => {
    const given = question(lab, head, dev, name);
    found.push(...foundOf(given.reports, `${name}() of a path at rest`));
    if (given.failure !== undefined && given.reports.length === 0) {
      found.push({ rule: 'answer-type', callback: name, message: `${name}(): ${given.failure}; expected an answer` });
    } else if (given.failure === undefined && typeof given.value !== 'boolean') {
      found.push({
        rule: 'answer-type',
        callback: name,
        message: `${name}() returned ${String(given.value)}; expected true or false`,
      });
    }
    return given.value;
  };
  return { disabled: value('is_disabled'), optimized: value('is_optimized'), found: (value('available_path'), found) };
};

const ACCESS_STATES = ['MPATH_STATE_OPTIMIZED', 'MPATH_STATE_NONOPTIMIZED', 'MPATH_STATE_OTHER'];

/** The answers about a path that takes I/O, or does not, in every access state. */
export const checkAnswers = (lab: ContractLab, head: BatteryHead, dev: KObject, usable: boolean): Found[] => {
  const found: Found[] = [];
  const state = usable ? 'that takes I/O' : 'that takes none';
  const own = answers(lab, head, dev);
  found.push(...own.found);
  if (typeof own.disabled === 'boolean' && own.disabled === usable) {
    found.push({
      rule: 'unusable-is-disabled',
      callback: 'is_disabled',
      message: `is_disabled() of a path ${state} returned ${String(own.disabled)}; expected ${String(!usable)}`,
    });
  }
  const before: unknown = Reflect.get(dev, 'access_state');
  const states = typeof before === 'number' ? ACCESS_STATES : [undefined];
  for (const [value, name] of states.entries()) {
    if (name !== undefined) Reflect.set(dev, 'access_state', value);
    const { disabled, optimized } = answers(lab, head, dev);
    if (disabled !== true || optimized !== true) continue;
    found.push({
      rule: 'optimized-not-disabled',
      callback: 'is_optimized',
      message:
        `is_optimized() returned true and is_disabled() true for a path ${state}` +
        `${name === undefined ? '' : `, access state ${name}`}; expected is_optimized() to be false while the path is disabled`,
    });
    break;
  }
  if (typeof before === 'number') Reflect.set(dev, 'access_state', before);
  return found;
};
