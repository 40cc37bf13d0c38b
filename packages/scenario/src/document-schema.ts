// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';

export const SCENARIO_SCHEMA = 'mpath.scenario/1';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected lower case letters, digits and dashes, at most 64');

/** The frame of a scenario file; topology and steps are the driver's to judge. */
export const documentSchema = z.strictObject({
  schema: z.literal(SCENARIO_SCHEMA),
  name: name.describe('The file’s name without `.scenario.yaml`.'),
  title: z.string().min(1).max(200).describe('What the kernel does, as one sentence.'),
  driver: z.string().min(1).describe('A driver of mpath.config.ts.'),
  topology: z.unknown().describe('The machine, in the driver’s own terms.'),
  needs: z.array(z.string()).max(32).optional().describe('Features without which the scenario means nothing.'),
  outcomes: z.int().min(1).max(64).optional().describe('How many outcomes the model may allow; 1 unless said.'),
  window: z.int().min(1).max(600).optional().describe('Seconds that stand for `$window` in the steps.'),
  demand: z
    .record(z.string(), z.json())
    .optional()
    .describe('Label of one observation and the value that the scenario is about, e.g. `order: [returned, expired]`.'),
  timers: z
    .literal('late')
    .optional()
    .describe(
      'The model’s timers expire only when all else is at rest, as they do where they are long against what is done; ' +
        'unless given, at every moment that their order allows.',
    ),
  steps: z.array(z.unknown()).min(1).max(200).describe('What is done and looked at, in order.'),
});
