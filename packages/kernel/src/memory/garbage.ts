// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, currentOrNone } from '../current.js';
import { KObject } from '../object.js';

/**
 * What a C variable or field holds that nothing was stored in. It can be passed on, stored and
 * loaded; a dereference and a computation are reports.
 */
export class uninitialised_value extends KObject {
  constructor(
    /** C type, e.g. `struct mpath_device *`. */
    readonly type: string,
    /** Variable or field, e.g. `found`. */
    readonly name: string,
  ) {
    super();
    // Nothing lives there: the check that every access makes anyway finds it.
    this.alloc.freedAt = currentMachine().here();
  }

  override get label(): string {
    return `${this.type} ${this.name}`;
  }

  /** An operator of the language is a use: reported, and the task goes on with 0. */
  [Symbol.toPrimitive](hint: string): string | number {
    if (currentOrNone() !== undefined) reportUse(this);
    return hint === 'string' ? `(uninitialised ${this.name})` : 0;
  }
}

/** Kernel: kmsan_report(): a value decided something, or left the kernel. The task goes on. */
export const reportUse = (value: uninitialised_value): void => {
  const task = currentOrNone();
  currentMachine().report(
    'uninitialised',
    `BUG: KMSAN: uninit-value in ${task?.frame?.fn ?? task?.name ?? 'boot'}`,
    value,
    originOf(value),
  );
};

/** Where the variable came into being, in KMSAN's words. */
export const originOf = (value: uninitialised_value): { role: string; where: KObject['alloc']['allocatedAt'] }[] => [
  { role: `local variable ${value.name} created by`, where: value.alloc.allocatedAt },
];
