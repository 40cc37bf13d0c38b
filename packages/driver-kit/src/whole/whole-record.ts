// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What a shape of the battery took, as far as all its schedules were explored. */
export type WholeShape = z.infer<typeof shape>;
/** What the shapes of a driver took on one revision. */
export type WholeRecord = z.infer<typeof record>;

const shape = z.strictObject({
  /** Every schedule was explored; false: the bound of the search came first. */
  ended: z.boolean(),
  /** By which rule two states were one: decision 0007. */
  states: z.enum(['all', 'all-forgetting']),
  /** First and repeated. */
  steps: z.int().min(1),
  newSteps: z.int().min(1),
  /** States that were told apart. */
  met: z.int().min(1),
  cpuS: z.number().min(0),
});

const record = z.strictObject({
  revision: z.literal('fixed'),
  shapes: z.record(z.string(), shape),
});

/**
 * Reads what `npm run bench -- whole DRIVER fixed STEPS '' write` keeps beside a driver.
 * @throws ZodError it was written by something else
 */
export const readWholeRecord = (file: URL): WholeRecord => record.parse(JSON.parse(readFileSync(file, 'utf8')));
