// SPDX-License-Identifier: GPL-2.0-only
import { checkerErrors } from '@libmultipath/checker';
import { conformanceErrors } from '@libmultipath/conformance';
import { coreErrors } from '@libmultipath/core';
import { driverKitErrors } from '@libmultipath/driver-kit';
import type { ErrorCatalogue } from '@libmultipath/errors';
import { harnessErrors } from '@libmultipath/harness';
import { kernelErrors } from '@libmultipath/kernel';
import { reportErrors } from '@libmultipath/report';
import { scenarioErrors } from '@libmultipath/scenario';
import { vmImagesErrors } from '@libmultipath/vm-images';
import { cliErrors } from './errors.js';

/** Every number of this repository but the drivers’, which their configuration names. */
export const catalogues: readonly ErrorCatalogue[] = [
  kernelErrors,
  coreErrors,
  checkerErrors,
  scenarioErrors,
  conformanceErrors,
  driverKitErrors,
  harnessErrors,
  vmImagesErrors.catalogue,
  reportErrors,
  cliErrors,
];
