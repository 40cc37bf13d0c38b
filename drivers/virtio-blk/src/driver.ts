// SPDX-License-Identifier: GPL-2.0-only
import { defineDriver, DRIVER_API, libFixed, libV3, libWith, type Driver } from '@libmultipath/driver-kit';
import { virtioBattery } from './battery/port.js';
import { lowerTopology } from './guest/lower.js';
import { openGuest } from './guest/open.js';
import { resetGuest } from './guest/reset.js';
import type { VirtioGuestWorld } from './guest/world.js';
import type { VirtioModelWorld } from './model/world.js';
import { dmModel, dmProfileFor } from './oracle/model.js';
import { differences } from './template/differences.js';
import { libraryModel } from './template/model.js';
import { declaredNames, virtioTopology, type VirtioTopology } from './topology.js';
import { diskObservations, diskSteps } from './vocabulary/disks.js';
import { transferObservations, transferSteps } from './vocabulary/transfers.js';

/**
 * virtio-blk: several disks with one serial. It declares v3 and `fixed`: v1 and v2 have other objects and
 * other signatures, and no driver but those posted with them was ever written for them.
 */
export const virtioDriver: Driver<VirtioTopology, VirtioModelWorld, VirtioGuestWorld> = defineDriver({
  api: DRIVER_API,
  name: 'virtio-blk',
  title: 'virtio-blk: several disks with one serial',
  topology: virtioTopology,
  declares: declaredNames,
  features: {},
  steps: { ...diskSteps, ...transferSteps },
  observations: { ...diskObservations, ...transferObservations },
  models: [dmModel, libraryModel(libV3), libraryModel(libFixed)],
  libraryModel: (remedies) => libraryModel(libWith(remedies)),
  profileFor: dmProfileFor,
  agreement: () => 'by dm-multipath',
  guest: { lower: lowerTopology, open: openGuest, reset: resetGuest },
  explanations: differences,
  battery: virtioBattery,
  scenarios: new URL('../scenarios/', import.meta.url),
  findings: new URL('../findings/', import.meta.url),
});
