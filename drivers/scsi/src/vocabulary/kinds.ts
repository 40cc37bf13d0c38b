// SPDX-License-Identifier: GPL-2.0-only
import type { ObservationDefinition, Reference, StepDefinition } from '@libmultipath/driver-kit';
import type { ScsiGuestWorld } from '../guest/world.js';
import type { ScsiModelWorld } from '../model/world.js';

/** A step of this driver, in both worlds. */
export type ScsiStep<A> = StepDefinition<A, ScsiModelWorld, ScsiGuestWorld>;
/** An observation of this driver, in both worlds. */
export type ScsiObservation<A> = ObservationDefinition<A, ScsiModelWorld, ScsiGuestWorld>;

/** Names that words bind and use: what the topology declares, and these. */
export const pathRef = (name: string): Reference => ({ kind: 'path', name });
export const hostRef = (name: string): Reference => ({ kind: 'host', name });
export const unitRef = (name: string): Reference => ({ kind: 'unit', name });
export const groupRef = (name: string): Reference => ({ kind: 'group', name });
/** A read, in the background or not. */
export const readRef = (name: string): Reference => ({ kind: 'read', name });
/** A read in the background. */
export const pendingReadRef = (name: string): Reference => ({ kind: 'started read', name });
/** Whatever `result-of` can tell: a read, a `try-…`, a reservation, an ioctl. */
export const resultRef = (name: string): Reference => ({ kind: 'result', name });
export const loadRef = (name: string): Reference => ({ kind: 'load', name });
/** A descriptor that is held. */
export const holdRef = (name: string): Reference => ({ kind: 'hold', name });
