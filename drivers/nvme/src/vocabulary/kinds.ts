// SPDX-License-Identifier: GPL-2.0-only
import type { ObservationDefinition, Reference, StepDefinition } from '@libmultipath/driver-kit';
import type { NvmeGuestWorld } from '../guest/world.js';
import type { NvmeModelWorld } from '../model/world.js';

/** A step of this driver, in both worlds. */
export type NvmeStep<A> = StepDefinition<A, NvmeModelWorld, NvmeGuestWorld>;
/** An observation of this driver, in both worlds. */
export type NvmeObservation<A> = ObservationDefinition<A, NvmeModelWorld, NvmeGuestWorld>;

/** Names that words bind and use: what the topology declares as `controller`, and these. */
export const controllerRef = (name: string): Reference => ({ kind: 'controller', name });
/** A read, in the background or not. */
export const readRef = (name: string): Reference => ({ kind: 'read', name });
/** A read in the background. */
export const pendingReadRef = (name: string): Reference => ({ kind: 'started read', name });
/** Whatever `result-of` can tell: a read, a `try-…`. */
export const resultRef = (name: string): Reference => ({ kind: 'result', name });
export const loadRef = (name: string): Reference => ({ kind: 'load', name });
/** A descriptor that is held. */
export const holdRef = (name: string): Reference => ({ kind: 'hold', name });
