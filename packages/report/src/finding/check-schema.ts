// SPDX-License-Identifier: GPL-2.0-only
import type { FindingClass } from '@libmultipath/contract';
import { z } from 'zod';

const count = z.int().min(0);
const names = z.array(z.string());

const classes = [
  'use-after-free',
  'refcount',
  'leak',
  'lost-io',
  'duplicate-completion',
  'hang',
  'livelock',
  'deadlock',
  'double-add',
  'null-dereference',
  'out-of-bounds',
  'uninitialised',
  'wrong-path',
  'stale-state',
  'data-loss',
  'data-race',
  'module',
  'lock-order',
  'sleep-in-atomic',
  'driver-contract',
  'warning',
] as const satisfies readonly FindingClass[];

const findingName = z.string().regex(/^[A-Z]+-[0-9a-f]{6}$/);

const finding = z.strictObject({
  id: findingName,
  class: z.enum(classes),
  object: z.string(),
  functions: names,
  sites: names,
  tasks: names,
  switches: count,
  events: count,
  message: z.string(),
  replay: z.string(),
  known: z.boolean(),
  as: findingName.exactOptional(),
  owner: z.enum(['driver', 'library']).exactOptional(),
});

const revision = {
  revision: z.string(),
  complete: z.boolean(),
  bound: z.string(),
  scenarios: z.array(
    z.strictObject({
      name: z.string(),
      driver: z.string(),
      verdict: z.enum(['pass', 'fail', 'incomplete']),
      bound: z.string(),
      findings: z.array(finding),
      stats: z.strictObject({
        executions: count,
        steps: count,
        replayedSteps: count,
        states: count,
        seconds: z.number().min(0),
      }),
    }),
  ),
  gone: z.array(findingName),
};

/** `mpath check --json`. */
export const checkSchema = z.strictObject({
  schema: z.literal('mpath.check/1'),
  ...revision,
  states: z.enum(['all', 'all-forgetting']).exactOptional(),
  against: z.strictObject(revision).exactOptional(),
});
