// SPDX-License-Identifier: GPL-2.0-only
import { makeStep, type StepOptions, type Steps } from '@libmultipath/driver-kit';
import type { Completion } from '../completion-table.js';
import type { LogicalUnit } from './logical-unit.js';
import type { Identity, Injected, LunNexus } from './lun-nexus.js';

const FULL: StepOptions = { ordering: 'full' };

/** The transport answers every command so, or with null leads to the device again. */
export function* set_transport(nexus: LunNexus, transport: Completion | null): Steps<void> {
  yield makeStep('set_transport', nexus, 'transport', 'write', FULL);
  nexus.transport = transport;
}

/** The next `count` reads and writes end so. */
export function* inject(nexus: LunNexus, what: Injected, count = 1): Steps<void> {
  yield makeStep('inject', nexus, 'injected', 'update', FULL);
  for (let n = 0; n < count; n++) nexus.injected.push(what);
}

/** Takes back what has not been used. @returns how many that were */
export function* disarm_injected(nexus: LunNexus): Steps<number> {
  const step = makeStep('disarm_injected', nexus, 'injected', 'update', FULL);
  yield step;
  const left = nexus.injected.splice(0).length;
  step.value = left;
  return left;
}

/** The unit grows or shrinks; whoever is to know it has to ask. */
export function* resize_unit(unit: LogicalUnit, capacitySectors: number): Steps<void> {
  yield makeStep('resize_unit', unit, 'capacitySectors', 'write', FULL);
  unit.capacitySectors = capacitySectors;
}

/** Another unit's identity at the same address. */
export function* change_identity(nexus: LunNexus, identity: Identity): Steps<void> {
  yield makeStep('change_identity', nexus, 'identity', 'write', FULL);
  nexus.identity = identity;
}
