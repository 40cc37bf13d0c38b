// SPDX-License-Identifier: GPL-2.0-only
import { defineDriver, DRIVER_API, type Driver } from '@libmultipath/driver-kit';
import { nvmeBattery } from './battery/port.js';
import { features } from './features.js';
import { lowerTopology } from './guest/lower.js';
import { openGuest } from './guest/open.js';
import { resetGuest } from './guest/reset.js';
import type { NvmeGuestWorld } from './guest/world.js';
import { mainlineModels, mainlineProfileFor } from './mainline/models.js';
import type { NvmeModelWorld } from './model/world.js';
import { differences } from './template/differences.js';
import { libraryModel, libraryModels } from './library-models.js';
import { nvmeRemedies } from './template/remedies/catalogue.js';
import { declaredNames, nvmeTopology, type NvmeTopology } from './topology.js';
import { observations, steps } from './words.js';

/** NVMe: one emulated subsystem behind PCI controllers. */
export const nvmeDriver: Driver<NvmeTopology, NvmeModelWorld, NvmeGuestWorld> = defineDriver({
  api: DRIVER_API,
  name: 'nvme',
  title: 'NVMe over PCI: several controllers of one subsystem',
  topology: nvmeTopology,
  declares: declaredNames,
  features,
  steps,
  observations,
  models: [...mainlineModels, ...libraryModels],
  libraryModel,
  remedies: nvmeRemedies.map(({ name }) => name),
  profileFor: mainlineProfileFor,
  guest: { lower: lowerTopology, open: openGuest, reset: resetGuest },
  explanations: differences,
  scenarios: new URL('../scenarios/', import.meta.url),
  findings: new URL('../findings/', import.meta.url),
  battery: nvmeBattery,
});
