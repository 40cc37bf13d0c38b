// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, currentOrNone } from './current.js';
import type { Site } from './step.js';

/** Who did something to an object, and from where: task name and call stack, innermost first. */
export interface Where {
  readonly task: string;
  readonly stack: readonly string[];
  /** The step that did it, where it was a step of its own: a free. */
  readonly site?: Site;
}

/** An embedded object that must not be active when its memory is freed (a queued work, a held lock). */
export interface FreeGuard {
  /** Kernel wording of what is wrong with freeing it now; undefined when nothing is. */
  activeAtFree(): string | undefined;
}

/** One allocation of the simulated kernel. It is freed at most once and never reused. */
export class Allocation {
  freedAt: Where | undefined = undefined;
  /** What a free has to ask; absent until somebody is embedded who minds. */
  guards: FreeGuard[] | undefined = undefined;

  constructor(
    /** Number in order of allocation within the machine, from 1. */
    readonly id: number,
    /** Of the outermost object. */
    private readonly kind: string,
    /** Its number among those of its kind. */
    private readonly nth: number,
    readonly allocatedAt: Where,
  ) {}

  /** Kind and number, e.g. `nvme_ns#2`. */
  get label(): string {
    return `${this.kind}#${String(this.nth)}`;
  }

  get freed(): boolean {
    return this.freedAt !== undefined;
  }
}

/** Key of the position of the task that made an object, 0 for the program; no field of the structure. */
export const MAKER = Symbol('maker');
/** Key of an object's number among all, embedded ones too, that its maker made. */
export const NTH_MADE = Symbol('nth made');

/**
 * Base of everything that shared memory holds. A class extends it under the kernel's own
 * name of the structure; its fields are the structure's fields. An object made with a
 * `container` is embedded: it shares the container's allocation and dies with it.
 */
export abstract class KObject {
  // Assigned, not defined: defining a field on one of many classes is slow.
  declare readonly container: KObject | undefined;
  declare readonly alloc: Allocation;
  declare readonly [MAKER]: number;
  declare readonly [NTH_MADE]: number;

  constructor(container?: KObject) {
    this.container = container;
    const machine = currentMachine();
    const task = currentOrNone();
    this.alloc = container === undefined ? machine.allocate(this) : container.alloc;
    this[MAKER] = task === undefined ? 0 : task.index + 1;
    this[NTH_MADE] = task === undefined ? ++machine.made : ++task.made;
    machine.objects?.push(this);
  }

  /** The structure's name, from the class. */
  get kind(): string {
    return this.constructor.name;
  }

  /** `nvme_ns#2`, or `nvme_ns#2.siblings`-like for an embedded object of another kind. */
  get label(): string {
    return this.container === undefined ? this.alloc.label : `${this.alloc.label}.${this.kind}`;
  }
}
