// SPDX-License-Identifier: GPL-2.0-only
import { makeStep, type Steps } from '@libmultipath/driver-kit';
import type { LoadPhase, model_load } from './session.js';
import type { ScsiModelWorld } from './world.js';

/*
 * A load stands for a stream of any length. Its model has one write in flight: one beside
 * each following step, and two for each `await-progress`, so that round-robin over two
 * paths is seen whole. What is observed does not depend on how many there are.
 */

/** Lets a load begin so many more writes. */
export function* feedLoad(load: model_load, tokens: number): Steps<void> {
  yield makeStep('load_feed', load, 'tokens', 'update', { ordering: 'full' });
  load.tokens += tokens;
}

/** Lets each running load go on beside the step that begins. */
export function* feedLoads(world: ScsiModelWorld): Steps<void> {
  for (const load of world.session.loads.values()) if (!load.stopping) yield* feedLoad(load, 1);
}

/**
 * Says where the writes from now on stand to the detach steps; what came between two of
 * them is neither before nor after. Pure: read by the load's own task only.
 */
export const setPhase = (world: ScsiModelWorld, phase: LoadPhase): void => {
  for (const load of world.session.loads.values()) {
    load.phase = phase;
    for (const write of load.writes) if (write.phase === 'after') write.phase = 'during';
  }
};
