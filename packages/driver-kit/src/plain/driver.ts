// SPDX-License-Identifier: GPL-2.0-only
import { DRIVER_API, type Driver, type ModelProfile } from '@libmultipath/contract';
import { coreFindings, libWith } from '@libmultipath/core';
import { batteryTopology, numaOfShape } from '@libmultipath/scenario';
import { makePlainWorld, plainLibrary, plainPort, type PlainTopology, type PlainWorld } from './port.js';

const model = (revision: string): ModelProfile<PlainTopology, PlainWorld> => ({
  name: revision,
  title: `libmultipath ${revision} under the plain driver`,
  kind: 'library',
  features: new Set(),
  numa: numaOfShape,
  makeWorld: (shape) => makePlainWorld(plainLibrary(revision), shape),
});

const noGuest = (): never => {
  throw new Error('the plain driver exists on the model only');
};

/**
 * The smallest driver that makes use of all of the library, careful where the library leaves
 * it a choice: what the battery finds under it is the library's own. It is on every revision.
 */
export const plainDriver: Driver<PlainTopology, PlainWorld, never> = {
  api: DRIVER_API,
  name: 'plain',
  title: 'The library itself, under a driver of nothing',
  topology: batteryTopology,
  declares: () => [],
  features: {},
  steps: {},
  observations: {},
  models: ['v1', 'v2', 'v3', 'fixed'].map(model),
  libraryModel: (remedies) => model(libWith(remedies).revision),
  profileFor: () => undefined,
  guest: { lower: noGuest, open: noGuest, reset: noGuest },
  explanations: [],
  scenarios: new URL('./scenarios/', import.meta.url),
  findings: coreFindings,
  battery: plainPort,
};
