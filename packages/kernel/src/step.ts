// SPDX-License-Identifier: GPL-2.0-only
import type { KObject } from './object.js';

/**
 * What a step does to the field it names. Two steps conflict when they touch the same
 * field of the same object (or a field and an element of it) and do not commute: reads
 * commute with reads, `add` (an increment whose result nobody looks at) with `add`, `drop` (a
 * decrement that leaves something, and tells no more than that) with `drop`.
 *
 * What is entered and left has three more. `leave`: who was inside goes, which commutes with who else comes (`add`) or
 * goes. `await`: waits until nobody is inside, and changes nothing. `take`: waits until nobody is inside, and enters.
 * Who waits so cannot run while somebody is about to leave ({@link holdsBack}).
 *
 * `use`: needs the object, and no more: commutes with all but `write`. For the field that a step is named after, where
 * {@link StepOptions.also} says what it touches.
 */
export type Access = 'read' | 'write' | 'update' | 'add' | 'drop' | 'leave' | 'await' | 'take' | 'use';

/** `plain`: unmarked C access; `once`: READ_ONCE/WRITE_ONCE; the rest as in the LKMM. */
export type Ordering = 'plain' | 'once' | 'acquire' | 'release' | 'full';

/** A value that can be compared with another. */
export type Comparable = KObject | string | number | boolean | null;

/** One field of one object, and what is done to it. */
export interface Touch {
  readonly object: KObject;
  /** Name of a field; of one element or bit of it with {@link elementOf}; or {@link WHOLE}. */
  readonly field: string;
  readonly access: Access;
  /** Of a `write`: what it leaves there, if that is known before: two that leave the same commute. */
  readonly sets?: Comparable | undefined;
}

/** Where a step stands in the program: never a line number, so that it survives edits. */
export interface Site {
  /** Kernel function whose activation yields the step. */
  readonly fn: string;
  readonly op: string;
  /** `kind.field`, e.g. `nvme_ns_head.flags`. */
  readonly target: string;
  /** n-th such step of this activation, from 0. */
  readonly nth: number;
}

/** Options of a step beyond the access itself. */
export interface StepOptions {
  readonly ordering?: Ordering;
  /** May the step run now? Absent: always. Must depend only on the fields the step touches. */
  readonly enabled?: () => boolean;
  /**
   * Further fields that the step touches. A function when they follow from the state at the
   * time it is taken: it is asked anew until then.
   */
  readonly also?: readonly Touch[] | (() => readonly Touch[]);
  /**
   * What the access amounts to in the state at the time it is taken, where that is less than the access says:
   * asked anew until then. Must depend only on the field.
   */
  readonly amounts?: () => Access;
  /**
   * All that the step tells its task, as a value, asked before the effect. Absent: it may tell all that the objects
   * hold which it touches, and states that differ in that are never one.
   */
  readonly tells?: () => unknown;
  /**
   * While it is pending: what it waits for, as far as neither the memory nor what its task was told says it. States in
   * which it waits for something else are never one.
   */
  readonly waitsFor?: () => unknown;
  /** Number of outcomes the environment may choose from; the choice arrives in {@link Step.branch}. */
  readonly branches?: number;
  /**
   * Declares a rest point: the private locals that matter after this step, all of them.
   * `[]` is an idle loop head. A task that waits anywhere else keeps states from being merged.
   */
  readonly rest?: readonly unknown[];
  /** The step conflicts with every other step (a settle point of a program). */
  readonly barrier?: boolean;
}

/** Options in one shape, so that reading them costs the same for every step. Made once for each primitive. */
export class StepTraits {
  readonly ordering: Ordering;
  readonly enabled: (() => boolean) | undefined;
  readonly also: readonly Touch[] | (() => readonly Touch[]) | undefined;
  readonly amounts: (() => Access) | undefined;
  readonly tells: (() => unknown) | undefined;
  readonly waitsFor: (() => unknown) | undefined;
  readonly branches: number;
  readonly rest: readonly unknown[] | undefined;
  readonly barrier: boolean;
  /** What the step touches follows from the state. */
  readonly depends: boolean;

  constructor(options: StepOptions) {
    this.ordering = options.ordering ?? 'plain';
    this.enabled = options.enabled;
    this.also = options.also;
    this.amounts = options.amounts;
    this.tells = options.tells;
    this.waitsFor = options.waitsFor;
    this.branches = options.branches ?? 1;
    this.rest = options.rest;
    this.barrier = options.barrier ?? false;
    this.depends = typeof options.also === 'function' || options.amounts !== undefined;
  }
}

/** The traits that the options stand for. */
export const traitsOf = (options: StepOptions | StepTraits): StepTraits =>
  options instanceof StepTraits ? options : new StepTraits(options);

/** For {@link StepOptions.tells}: the task goes on as it would whatever was there. */
export const nothing = (): undefined => undefined;

/** Traits of accesses that wait for nothing and touch nothing else. */
export const PLAIN = new StepTraits({});
export const ONCE = new StepTraits({ ordering: 'once' });
export const ACQUIRE = new StepTraits({ ordering: 'acquire' });
export const RELEASE = new StepTraits({ ordering: 'release' });
export const FULL = new StepTraits({ ordering: 'full' });

/** {@link Step.nth} of a step that has not found its site yet: it was never begun. */
export const UNBEGUN = -1;

/**
 * One indivisible access to shared state, yielded before it takes effect. The primitive
 * that yields it performs the effect when it is resumed; until its next yield nothing
 * else runs.
 */
export class Step implements Touch, Site {
  /** Chosen branch, set by the loop before the task is resumed. */
  branch = 0;
  /** What the access gave, set by the primitive after the effect, for traces. */
  value: unknown = undefined;
  private frozen: readonly Touch[] | undefined = undefined;
  private amounted: Access | undefined = undefined;

  constructor(
    readonly op: string,
    readonly object: KObject,
    readonly field: string,
    private readonly declared: Access,
    public fn: string,
    public nth: number,
    public traits: StepTraits,
  ) {}

  get ordering(): Ordering {
    return this.traits.ordering;
  }

  get enabled(): (() => boolean) | undefined {
    return this.traits.enabled;
  }

  get branches(): number {
    return this.traits.branches;
  }

  get rest(): readonly unknown[] | undefined {
    return this.traits.rest;
  }

  get barrier(): boolean {
    return this.traits.barrier;
  }

  /** What is done to the field: would be done if it were taken now, or was done. */
  get access(): Access {
    if (this.amounted !== undefined) return this.amounted;
    const { amounts } = this.traits;
    return amounts === undefined ? this.declared : amounts();
  }

  /** What a write leaves in the field, if the primitive says so. */
  get sets(): Comparable | undefined {
    return undefined;
  }

  /** Further fields that the step touches: would touch if it were taken now, or touched. */
  get also(): readonly Touch[] | undefined {
    if (this.frozen !== undefined) return this.frozen;
    const { also } = this.traits;
    return typeof also === 'function' ? also() : also;
  }

  /** Keeps what the step touches: the loop calls it before the effect, which may change the answer. */
  freeze(): void {
    this.frozen = this.also;
    if (this.traits.amounts !== undefined) this.amounted = this.access;
  }

  get target(): string {
    return `${this.object.kind}.${this.field}`;
  }

  isEnabled(): boolean {
    const { enabled } = this.traits;
    return enabled === undefined || enabled();
  }
}

/** A kernel function's body: yields steps, returns its result. */
export type Steps<T> = Generator<Step, T, void>;

/**
 * Field of a step that touches its object's whole allocation, with all that is embedded
 * in it: a free conflicts with every access to the memory.
 */
export const WHOLE = '*';

/** Name of one element of an array field, or of one bit of a word: apart from its neighbours, but part of the field. */
export const elementOf = (field: string, index: number): string => {
  let names = elementNames.get(field);
  if (names === undefined) elementNames.set(field, (names = []));
  const known = names[index];
  if (known !== undefined) return known;
  const name = `${field}[${String(index)}]`;
  if (index >= 0 && index < MAX_KEPT) names[index] = name;
  return name;
};

/** Names made before: a name is asked for with each access. */
const elementNames = new Map<string, string[]>();
const MAX_KEPT = 64;

const hasElement = (field: string, element: string): boolean =>
  element.length > field.length && element[field.length] === '[' && element.startsWith(field);

/** Is one of the two the other, or an element of it? */
export const overlaps = (a: string, b: string): boolean => a === b || hasElement(a, b) || hasElement(b, a);

const ALONE: ReadonlySet<Access> = new Set(['write', 'update', 'take']);

/** Do two accesses to one field give the same in either order? */
export const commutes = (a: Access, b: Access): boolean => {
  if (a === b) return !ALONE.has(a);
  if (a === 'use') return b !== 'write';
  if (b === 'use') return a !== 'write';
  return (a === 'add' && b === 'leave') || (a === 'leave' && b === 'add');
};

const LOOKS: ReadonlySet<Access> = new Set(['read', 'await', 'use']);

/** Does the access change the field? */
export const writes = (access: Access): boolean => !LOOKS.has(access);

/** Is `later` unable to happen while `earlier` is still to come: is who waits held back by who is to leave? */
export const keepsOut = (earlier: Access, later: Access): boolean =>
  earlier === 'leave' && (later === 'await' || later === 'take');

/** What is written where, the values by name or as they are. */
interface Written extends Pick<Touch, 'field' | 'access'> {
  readonly sets?: unknown;
}

/** Do both leave the same? An element and the array that it is in are no such pair. */
export const setAlike = (a: Written, b: Written): boolean =>
  a.sets !== undefined && a.sets === b.sets && a.field === b.field && a.access === 'write' && b.access === 'write';

const clash = (a: Touch, b: Touch): boolean => {
  if (a.object === b.object && overlaps(a.field, b.field)) return !commutes(a.access, b.access) && !setAlike(a, b);
  return (a.field === WHOLE || b.field === WHOLE) && a.object.alloc === b.object.alloc;
};

/** Do the two steps fail to commute? Symmetric. The relation every search reduces by. */
export const conflicts = (a: Step, b: Step): boolean => {
  if (a.barrier || b.barrier || clash(a, b)) return true;
  const { also } = a;
  const { also: others } = b;
  if (others?.some((touch) => clash(touch, a)) === true) return true;
  return also?.some((touch) => clash(touch, b) || others?.some((other) => clash(touch, other)) === true) ?? false;
};

const bars = (a: Touch, b: Touch): boolean =>
  keepsOut(a.access, b.access) && a.object === b.object && overlaps(a.field, b.field);

/**
 * Can the waiting step not run before the other, which is about to be taken? It is ordered after it, and no schedule
 * has them the other way round.
 */
export const holdsBack = (leaving: Step, waiting: Step): boolean => {
  if (waiting.enabled === undefined) return false;
  const { also } = leaving;
  const { also: others } = waiting;
  const held = (touch: Touch): boolean =>
    touch.access === 'leave' && (bars(touch, waiting) || (others?.some((other) => bars(touch, other)) ?? false));
  return held(leaving) || (also?.some(held) ?? false);
};

/** The step's place alone: what a report keeps of it. */
export const siteOf = ({ fn, op, target, nth }: Site): Site => ({ fn, op, target, nth });

/** `fn: op target[n]`, the label of a choice in traces and replay tokens. */
export const siteLabel = (site: Site): string =>
  `${site.fn}: ${site.op} ${site.target}${site.nth === 0 ? '' : `[${String(site.nth)}]`}`;
