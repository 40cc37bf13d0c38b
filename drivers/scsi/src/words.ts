// SPDX-License-Identifier: GPL-2.0-only
import { deviceSteps } from './vocabulary/devices.js';
import { headObservations, headSteps } from './vocabulary/head.js';
import { ioObservations, ioSteps } from './vocabulary/io.js';
import { sysfsObservations } from './vocabulary/sysfs.js';
import { targetObservations, targetSteps } from './vocabulary/target.js';

/** Every step of the driver's vocabulary. */
export const steps = { ...deviceSteps, ...targetSteps, ...headSteps, ...ioSteps };

/** Every observation of the driver's vocabulary. */
export const observations = { ...sysfsObservations, ...headObservations, ...ioObservations, ...targetObservations };
