// SPDX-License-Identifier: GPL-2.0-only
import { attributeObservations, attributeSteps } from './vocabulary/attributes.js';
import { backendSteps } from './vocabulary/backends.js';
import { connectionSteps } from './vocabulary/connections.js';
import { controllerSteps } from './vocabulary/controllers.js';
import { diskObservations } from './vocabulary/disks.js';
import { headObservations, headSteps } from './vocabulary/head.js';
import { loadObservations, loadSteps } from './vocabulary/loads.js';
import { policyObservations, policySteps } from './vocabulary/policy.js';
import { readObservations, readSteps } from './vocabulary/reads.js';
import { messageObservations } from './vocabulary/messages.js';
import { passthroughSteps } from './vocabulary/passthrough.js';
import { rescanSteps, stateObservations } from './vocabulary/states.js';
import { targetSteps } from './vocabulary/target.js';
import { transportSteps } from './vocabulary/transport.js';

/** Every step of the driver's vocabulary. */
export const steps = {
  ...controllerSteps,
  ...policySteps,
  ...headSteps,
  ...readSteps,
  ...loadSteps,
  ...attributeSteps,
  ...targetSteps,
  ...connectionSteps,
  ...backendSteps,
  ...passthroughSteps,
  ...rescanSteps,
  ...transportSteps,
};

/** Every observation of the driver's vocabulary. */
export const observations = {
  ...headObservations,
  ...diskObservations,
  ...policyObservations,
  ...readObservations,
  ...loadObservations,
  ...attributeObservations,
  ...messageObservations,
  ...stateObservations,
};
