// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import type { KObject } from '../object.js';
import type { Report } from '../report.js';
import { originOf, uninitialised_value } from './garbage.js';

/** Innermost kernel function, as reports name it. */
export const functionName = (): string => current().frame?.fn ?? current().name;

/** Who allocated and who freed the object's memory. */
export const lifeOf = (object: KObject): Report['others'] => {
  const { allocatedAt, freedAt } = object.alloc;
  const allocated = { role: 'allocated by', where: allocatedAt };
  return freedAt === undefined ? [allocated] : [allocated, { role: 'freed by', where: freedAt }];
};

const useAfterFree = (object: KObject): never => {
  const machine = currentMachine();
  if (object instanceof uninitialised_value) {
    return machine.oops('uninitialised', `BUG: KMSAN: uninit-value in ${functionName()}`, object, originOf(object));
  }
  return machine.oops('use-after-free', `KASAN: slab-use-after-free in ${functionName()}`, object, lifeOf(object));
};

/**
 * Every effect on an object begins with it: reports a use after free and kills the task
 * when the object's memory is gone.
 */
export const checkLive = (object: KObject): void => {
  if (object.alloc.freedAt !== undefined) useAfterFree(object);
};

/** The object, or an oops when the pointer is NULL. */
export const checkPointer = <T extends KObject>(object: T | null | undefined, field: string): T =>
  object ??
  currentMachine().oops(
    'null-dereference',
    `BUG: kernel NULL pointer dereference in ${functionName()}, field ${field}`,
    undefined,
  );
