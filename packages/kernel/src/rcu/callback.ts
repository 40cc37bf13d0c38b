// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { kfree } from '../memory/alloc.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { KObject } from '../object.js';
import { ensureLane } from '../sched/lane.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { srcu_struct } from '../srcu/srcu.js';
import type { StepOptions, Steps, Touch } from '../step.js';
import { rcu, type rcu_state, type RcuSection } from './rcu.js';

/** Whose readers a callback waits for. */
type Domain = rcu_state | srcu_struct;
type RcuFunction = (head: rcu_head) => Steps<void>;

/** Of RCU: who was inside when it began. */
class RcuGracePeriod {
  constructor(
    readonly state: rcu_state,
    readonly waited: readonly RcuSection[],
  ) {}

  get isOver(): boolean {
    return !this.waited.some((section) => this.state.isRunning(section));
  }

  /** What its end waits on: nothing when nobody was inside. */
  get touches(): readonly Touch[] {
    return this.waited.length === 0 ? [] : [looksAtReaders(this.state)];
  }
}

/** Of SRCU: the first epoch whose sections it does not wait for. */
class SrcuGracePeriod {
  constructor(
    readonly ss: srcu_struct,
    readonly epoch: number,
  ) {}

  get isOver(): boolean {
    return this.ss.hasLeft(this.epoch);
  }

  get touches(): readonly Touch[] {
    return this.ss.awaitsBefore(this.epoch);
  }
}

/** One call_rcu() that waits for its readers, or runs. */
class RcuCallback {
  done = false;
  constructor(
    readonly domain: Domain,
    readonly gracePeriod: RcuGracePeriod | SrcuGracePeriod,
    readonly func: RcuFunction,
  ) {}
}

/** Kernel: struct rcu_head: one callback at a time. */
export class rcu_head extends KObject {
  callback: RcuCallback | null = null;

  constructor(container?: KObject) {
    super(container);
    const guard = {
      activeAtFree: () =>
        this.callback === null
          ? undefined
          : `ODEBUG: free active (active state 0) object type: rcu_head hint: ${this.callback.func.name}`,
    };
    (this.alloc.guards ??= []).push(guard);
  }
}

/** Who looks whether readers are inside changes nothing about them; of SRCU it begins an epoch. */
const looksAtReaders = (domain: Domain): Touch => ({
  object: domain,
  field: 'gp',
  access: 'running' in domain ? 'read' : 'update',
});

const begin = (domain: Domain): RcuGracePeriod | SrcuGracePeriod => {
  if (!('running' in domain)) return new SrcuGracePeriod(domain, domain.begin());
  const { running } = domain;
  for (const section of running) section.awaited++;
  return new RcuGracePeriod(domain, running);
};

/** Callbacks of a domain that have not returned. They follow from their heads, so they are no state of their own. */
const outstanding = new WeakMap<Domain, Set<RcuCallback>>();

const outstandingOf = (domain: Domain): Set<RcuCallback> => {
  let callbacks = outstanding.get(domain);
  if (callbacks === undefined) outstanding.set(domain, (callbacks = new Set<RcuCallback>()));
  return callbacks;
};

/** Runs the callbacks of one head, in softirq context: a callback must not sleep. */
function* lane(head: rcu_head): Steps<void> {
  const options: StepOptions = {
    ordering: 'full',
    rest: [],
    enabled: () => head.callback?.gracePeriod.isOver === true,
    also: () => head.callback?.gracePeriod.touches ?? [],
  };
  const task = current();
  for (;;) {
    const step = makeStep('rcu_do_batch', head, 'next', 'update', options);
    yield step;
    checkLive(head);
    const { callback } = head;
    if (callback === null) continue;
    head.callback = null;
    task.busy = true;
    task.atomicDepth = 1;
    task.enter(callback.func.name);
    yield* callback.func(head);
    task.leave();
    // The callback has freed what its head is embedded in, as a rule.
    yield makeStep('rcu_callback_done', callback.domain, 'cbs', 'add');
    callback.done = true;
    outstandingOf(callback.domain).delete(callback);
    task.busy = false;
    task.atomicDepth = 0;
  }
}

function* enqueue(call: string, domain: Domain, pointer: rcu_head | null, func: RcuFunction): Steps<void> {
  const head = checkPointer(pointer, 'next');
  yield makeStep(call, head, 'next', 'update', {
    ordering: 'full',
    also: [looksAtReaders(domain), { object: domain, field: 'cbs', access: 'add' }],
  });
  checkLive(domain);
  checkLive(head);
  if (head.callback !== null) {
    currentMachine().report('double-add', `${call}(): Double-freed CB ${head.label}->${func.name}()!!!`, head);
    return;
  }
  head.callback = new RcuCallback(domain, begin(domain), func);
  outstandingOf(domain).add(head.callback);
  ensureLane('irq', head, 'rcu', () => lane(head));
}

/**
 * Runs `func` after every read section that is running now, in a context that must not sleep.
 * Callbacks come in no order. Kernel: call_rcu(). Context: any.
 */
export const call_rcu = (head: rcu_head | null, func: RcuFunction): Steps<void> =>
  enqueue('call_rcu', rcu(), head, func);

/** Kernel: call_srcu(). Context: any. */
export const call_srcu = (ss: srcu_struct | null, head: rcu_head | null, func: RcuFunction): Steps<void> =>
  enqueue('call_srcu', checkPointer(ss, 'sda'), head, func);

/** Frees the object after a grace period. Kernel: kfree_rcu(). Context: any. NULL is allowed. */
export function* kfree_rcu(object: KObject | null, head: rcu_head | null): Steps<void> {
  if (object === null) return;
  yield* enqueue('kfree_rcu', rcu(), head, function* kvfree_call_rcu() {
    yield* kfree(object);
  });
}

function* barrier(call: string, domain: Domain): Steps<void> {
  might_sleep(call, domain);
  yield makeStep(call, domain, 'cbs', 'read', { ordering: 'full' });
  checkLive(domain);
  const waited = [...outstandingOf(domain)];
  if (waited.length === 0) return;
  yield makeStep(`${call}_end`, domain, 'cbs', 'read', {
    ordering: 'full',
    enabled: () => waited.every(({ done }) => done) || domain.alloc.freedAt !== undefined,
  });
  checkLive(domain);
}

/** Waits until every callback of call_rcu() so far has returned. Kernel: rcu_barrier(). Context: may sleep. */
export const rcu_barrier = (): Steps<void> => barrier('rcu_barrier', rcu());

/** Kernel: srcu_barrier(). Context: may sleep. */
export const srcu_barrier = (ss: srcu_struct | null): Steps<void> => barrier('srcu_barrier', checkPointer(ss, 'sda'));
