// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine, type KObject, type Machine, type SrcuSection } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/*
 * Who chose a path that was being removed. No kernel keeps this: the functions that a removal goes through
 * tell it here, without a step, and a property asks afterwards. What is kept follows from where the remover
 * stands, so that two states that are equal at rest are equal in this too.
 */

type Head = mpath_head_base<mpath_device_base>;

/** A path was chosen; `by` is the task. */
export interface Choice {
  readonly path: KObject;
  readonly by: string;
}

interface Removal {
  /** Sections that were inside when the grace period after the clear ended; null: it has not. */
  inside: ReadonlySet<SrcuSection> | null;
  /** Off the list: it is a removal, and not a path that rests for a while. */
  unlinked: boolean;
  /** Choices of later sections, until it is known which of the two it is. */
  readonly later: Choice[];
}

interface Seen {
  /** By sections that began after the protocol's clear and grace period had ended. */
  readonly wrong: Choice[];
  /** By earlier ones: mainline does it on purpose. */
  readonly tolerated: Choice[];
}

const removals = new WeakMap<Head, Map<mpath_device_base, Removal>>();
const journals = new WeakMap<Machine, Seen>();

const journal = (machine: Machine): Seen => {
  const known = journals.get(machine) ?? { wrong: [], tolerated: [] };
  journals.set(machine, known);
  return known;
};

/** What was chosen on this machine although it was being removed. */
export const chosenInRemoval = (machine: Machine): Seen => journal(machine);

export const pathAdded = (head: Head, dev: mpath_device_base): void => {
  removals.get(head)?.delete(dev);
};

/** `mpath_clear_current_path()` is done. */
export const pathCleared = (head: Head, dev: mpath_device_base): void => {
  const known = removals.get(head) ?? new Map<mpath_device_base, Removal>();
  removals.set(head, known);
  if (known.get(dev)?.unlinked !== true) known.set(dev, { inside: null, unlinked: false, later: [] });
};

/** A grace period of the head begins. @returns what to call at its end */
export const gracePeriodBegins = (head: Head): (() => void) => {
  const waiting = [...(removals.get(head)?.values() ?? [])].filter(({ inside }) => inside === null);
  return () => {
    for (const removal of waiting) removal.inside ??= new Set(head.srcu.sections);
  };
};

export const pathUnlinked = (head: Head, dev: mpath_device_base): void => {
  const removal = removals.get(head)?.get(dev);
  if (removal === undefined) return;
  removal.unlinked = true;
  journal(currentMachine()).wrong.push(...removal.later.splice(0));
};

/** A read section of the running task has chosen the path. */
export const pathChosen = (head: Head, dev: mpath_device_base): void => {
  const removal = removals.get(head)?.get(dev);
  if (removal === undefined) return;
  const task = current();
  const choice: Choice = { path: dev, by: task.name };
  const { inside } = removal;
  const own = [...head.srcu.sections].filter((section) => section.task === task);
  if (inside === null || own.some((section) => inside.has(section))) journal(currentMachine()).tolerated.push(choice);
  else if (removal.unlinked) journal(currentMachine()).wrong.push(choice);
  else removal.later.push(choice);
};
