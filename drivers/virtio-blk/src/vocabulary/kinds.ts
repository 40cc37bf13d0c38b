// SPDX-License-Identifier: GPL-2.0-only
import type { ObservationDefinition, Reference, StepDefinition } from '@libmultipath/driver-kit';
import type { VirtioGuestWorld } from '../guest/world.js';
import type { VirtioModelWorld } from '../model/world.js';

/** A step of this driver, in both worlds. */
export type VirtioStep<A> = StepDefinition<A, VirtioModelWorld, VirtioGuestWorld>;
/** An observation of this driver, in both worlds. */
export type VirtioObservation<A> = ObservationDefinition<A, VirtioModelWorld, VirtioGuestWorld>;

/** Names that words bind and use: what the topology declares as `disk`, and these. */
export const diskRef = (name: string): Reference => ({ kind: 'disk', name });
export const readRef = (name: string): Reference => ({ kind: 'read', name });
/** A read in the background. */
export const pendingReadRef = (name: string): Reference => ({ kind: 'started read', name });
export const loadRef = (name: string): Reference => ({ kind: 'load', name });
