// SPDX-License-Identifier: GPL-2.0-only
import { explore as search } from '@libmultipath/checker';
import type { AnyDriver, ModelProfile, Scenario } from '@libmultipath/contract';
import { allowedOutcomes, type Allowed } from '@libmultipath/conformance';
import { stateDigest } from '@libmultipath/kernel';

/** Bound on one exploration, in steps, so that it is the same on every machine. Beyond it: LMP-505. */
const MAX_STEPS = 20_000_000;

/** The outcomes of a scenario on a model, found here and now. */
export const exploreModel = (scenario: Scenario, driver: AnyDriver, profile: ModelProfile<unknown, unknown>): Allowed =>
  allowedOutcomes(scenario, driver, profile, {
    explore: (program) => search(program, { digest: stateDigest, maxSteps: MAX_STEPS, races: false }),
  });
