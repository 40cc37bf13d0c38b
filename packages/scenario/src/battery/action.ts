// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryPort, Reference } from '@libmultipath/contract';
import type { Steps } from '@libmultipath/kernel';
import { z } from 'zod';
import type { BatteryWorld } from './world.js';

/** What a driver's port may lack. */
export type Verb = keyof BatteryPort<unknown, unknown>;

/** Something that a task of a shape does. */
export interface BatteryAction<A> {
  readonly doc: string;
  readonly example: string;
  readonly args: z.ZodType<A>;
  /** What of the port it cannot do without. */
  readonly needs?: (args: A) => readonly Verb[];
  readonly refers?: (args: A) => readonly Reference[];
  readonly binds?: (args: A) => readonly Reference[];
  readonly run: (world: BatteryWorld, args: A) => Steps<void>;
}

// The arguments' type is private to each action, as with a driver's words.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyAction = BatteryAction<any>;

export const label = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'a label is lower case: a letter, then letters, digits, dashes');
export const noArgs = z.strictObject({}).nullish();
export const pathIndex = z.int().min(0).max(7);

export const fileRef = (name: string): Reference => ({ kind: 'file', name });
