// SPDX-License-Identifier: GPL-2.0-only
import { defineDriver, DRIVER_API, type Driver } from '@libmultipath/driver-kit';
import { scsiBattery } from './battery/port.js';
import { differences } from './differences.js';
import { features } from './features.js';
import { lowerTopology } from './guest/lower.js';
import { openGuest } from './guest/open.js';
import { resetGuest } from './guest/reset.js';
import type { ScsiGuestWorld } from './guest/world.js';
import type { ScsiModelWorld } from './model/world.js';
import { libraryModels, modelWith, profileFor, releasedModels } from './models.js';
import { templateRemedies } from './template/remedies.js';
import { declaredNames, scsiTopology, type ScsiTopology } from './topology.js';
import { observations, steps } from './words.js';

/** SCSI: logical units behind hosts, with and without the posted multipath. */
export const scsiDriver: Driver<ScsiTopology, ScsiModelWorld, ScsiGuestWorld> = defineDriver({
  api: DRIVER_API,
  name: 'scsi',
  title: 'SCSI: logical units that several hosts reach',
  topology: scsiTopology,
  declares: declaredNames,
  features,
  steps,
  observations,
  models: [...releasedModels, ...libraryModels],
  libraryModel: modelWith,
  remedies: templateRemedies.map(({ name }) => name),
  profileFor,
  agreement: ({ over }) => (over === 'dm' ? 'by dm-multipath' : undefined),
  guest: { lower: lowerTopology, open: openGuest, reset: resetGuest },
  explanations: differences,
  scenarios: new URL('../scenarios/', import.meta.url),
  battery: scsiBattery,
  findings: new URL('../findings/', import.meta.url),
});
