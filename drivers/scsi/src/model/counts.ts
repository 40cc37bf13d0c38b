// SPDX-License-Identifier: GPL-2.0-only
import type { Json, Steps } from '@libmultipath/driver-kit';
import { countsOf } from '../environment/command-counts.js';
import { errors } from '../errors.js';
import type { PathArgs } from '../vocabulary/args.js';
import { look } from './sight-of.js';
import { deviceOf, type ScsiModelWorld } from './world.js';

/** @throws LMP-252 it is not attached */
export function* modelMarkCounts(world: ScsiModelWorld, { path }: PathArgs): Steps<void> {
  yield* look();
  world.session.marks.set(path, { ...countsOf(deviceOf(world, path, 'mark-counts')) });
}

/** @throws LMP-252 it is not attached, or nothing was marked */
export function* modelCounts(world: ScsiModelWorld, { path }: PathArgs): Steps<Json> {
  yield* look();
  const now = countsOf(deviceOf(world, path, 'counts'));
  const before = world.session.marks.get(path);
  if (before === undefined) {
    throw errors.fail('LMP-252', { message: `counts: none of ${path} were marked`, todo: 'mark-counts before' });
  }
  return {
    requests: now.requests - before.requests,
    done: now.done - before.done,
    errors: now.errors - before.errors,
    timeouts: now.timeouts - before.timeouts,
  };
}
