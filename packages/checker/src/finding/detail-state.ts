// SPDX-License-Identifier: GPL-2.0-only
import {
  mutex,
  rw_semaphore,
  spinlock_t,
  srcu_struct,
  wait_queue_head,
  WHOLE,
  work_struct,
  type Step,
  type Touch,
} from '@libmultipath/kernel';
import { stateOf } from './state-of.js';

/** A step gave a part of the state another value. */
export interface Change {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

type Place = Pick<Touch, 'object' | 'field'>;

/** Structures that are told as one thing: `held by opener`, whichever of their fields a step names. */
const wholes = [mutex, spinlock_t, rw_semaphore, srcu_struct, work_struct, wait_queue_head] as const;

const keyOf = ({ object, field }: Place): string =>
  field === WHOLE || wholes.some((structure) => object instanceof structure)
    ? object.label
    : `${object.label}.${field}`;

/** Notes what is known of the state before a run, and what each step changes. */
export class StateLog {
  readonly initial: Record<string, string> = {};
  readonly changes: Record<number, Change[]> = {};
  private readonly values = new Map<string, string>();
  private places: Map<string, Place> = new Map<string, Place>();

  before(step: Step): void {
    this.places = new Map([step, ...(step.also ?? [])].map((touch) => [keyOf(touch), touch]));
    for (const [key, place] of this.places) {
      if (this.values.has(key) || (place.object.alloc.freed && place.field !== WHOLE)) continue;
      const value = stateOf(place);
      if (value === undefined) continue;
      this.values.set(key, value);
      this.initial[key] = value;
    }
  }

  after(index: number): void {
    for (const [key, place] of this.places) {
      // What a step says of freed memory says its event; the state is gone.
      if (place.object.alloc.freed && place.field !== WHOLE) continue;
      const [before, after] = [this.values.get(key), stateOf(place)];
      if (after === undefined || after === before) continue;
      this.values.set(key, after);
      if (before === undefined) this.initial[key] = '—';
      (this.changes[index] ??= []).push({ key, before: before ?? '—', after });
    }
  }
}
