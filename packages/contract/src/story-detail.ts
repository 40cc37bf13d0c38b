// SPDX-License-Identifier: GPL-2.0-only

/** A task as a lane of the schedule. */
export interface StoryTask {
  readonly name: string;
  readonly kind: 'user' | 'kworker' | 'timer' | 'irq';
  /** CPU it runs on. */
  readonly cpu: number;
}

/** A step comes before one of another task in every schedule of the same meaning; what follows from others is left out. */
export interface StoryEdge {
  /** Index of an event. */
  readonly from: number;
  readonly to: number;
  /** Field over which the two meet, or `starts`: the first spawned the second's task. */
  readonly over: string;
}

/** A step gave a part of the state another value. */
export interface StoryChange {
  /** `thing#1.value`, or an object that is one piece of state: a lock, a work, an SRCU structure. */
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** A reference was taken or dropped. */
export interface StoryReference {
  /** Index of the event. */
  readonly index: number;
  readonly task: string;
  /** Innermost kernel function; empty: none. */
  readonly fn: string;
  readonly change: 'taken' | 'dropped';
  /** The counter, e.g. `mpath_head#1.refcount_t.refs`, and what it says after the step. */
  readonly counter: string;
  readonly count: number;
}

/** Who did something to an object, and with which event; -1: before the first. */
export interface StoryMoment {
  readonly index: number;
  readonly task: string;
  /** Kernel functions, innermost first. */
  readonly stack: readonly string[];
}

/** The life of one allocation. */
export interface StoryObject {
  /** `mpath_head#1`. */
  readonly label: string;
  readonly allocated: StoryMoment;
  readonly freed?: StoryMoment;
  readonly references: readonly StoryReference[];
  /** Number of steps that touch it, and the last of them. */
  readonly uses: number;
  readonly lastUse: number;
  /** Events that touch it after it was freed; the first hundred. */
  readonly usedAfter: readonly number[];
}

/** What the sources say of a kernel function. */
export interface StoryDoc {
  readonly fn: string;
  /** The doc comment, without its marks. */
  readonly text: string;
  /** Package and file in it. */
  readonly file: string;
}

/** What a page about a finding shows beyond its story. Events are named by index. */
export interface StoryDetail {
  readonly tasks: readonly StoryTask[];
  readonly edges: readonly StoryEdge[];
  /** What is known of the state before the first event, by key. */
  readonly initial: Readonly<Record<string, string>>;
  /** By event. */
  readonly changes: Readonly<Record<number, readonly StoryChange[]>>;
  /** Events that wait until everything is at rest. */
  readonly rests: readonly number[];
  /** The one that the finding is about comes first. */
  readonly objects: readonly StoryObject[];
  readonly docs?: readonly StoryDoc[];
  /** Name of the remedy that removes the finding. */
  readonly remedy?: string;
  /** What the list of known findings says of it, e.g. `real: a bio between head and path …`. */
  readonly known?: string;
}
