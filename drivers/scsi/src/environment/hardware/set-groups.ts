// SPDX-License-Identifier: GPL-2.0-only
import { makeStep, type Steps, type Touch } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { be16, u8 } from '../bytes.js';
import type { Completion } from '../completion-table.js';
import { CHECK, GOOD } from './answers.js';
import type { LogicalUnit } from './logical-unit.js';
import type { LunNexus } from './lun-nexus.js';

/** asc and ascq of a changed access state. */
const ALUA_CHANGED = [0x2a, 0x06] as const;

/** What the administrator, or an explicit command, makes of a group. */
export interface GroupChange {
  readonly state?: number;
  readonly preferred?: boolean;
  /** False: an array that establishes no unit attention. Default true. */
  readonly told?: boolean;
}

/**
 * A group changes; each path of it is told with the next command on it, except the one that asked. A
 * change of the preferred bit alone tells nobody.
 */
export function* change_group(unit: LogicalUnit, id: number, change: GroupChange, asker?: LunNexus): Steps<void> {
  const group = unit.group(id);
  if (change.state !== undefined && (change.state & ~0xf) !== 0) {
    throw errors.fail('LMP-251', {
      message: `expected an access state of 0 to 15, found ${String(change.state)}`,
      todo: 'give the state without the preferred bit',
    });
  }
  const told = unit.nexuses.filter((nexus) => nexus.groupId === id && nexus !== asker);
  const also = told.map((nexus): Touch => ({ object: nexus, field: 'unitAttentions', access: 'update' }));
  yield makeStep('change_group', group, 'access_state', 'update', { ordering: 'full', also });
  if (change.preferred !== undefined) group.preferred = change.preferred;
  if (change.state === undefined || change.state === group.access_state) return;
  group.access_state = change.state;
  if (change.told !== false) for (const nexus of told) nexus.unitAttentions.push(ALUA_CHANGED);
}

/** SET TARGET PORT GROUPS with the parameter list: one descriptor of four bytes each, behind four of the header. */
export function* setGroups(nexus: LunNexus, parameters: readonly number[]): Steps<Completion> {
  const { unit } = nexus;
  if ((unit.tpgs & 2) === 0) return CHECK(0x05, 0x20, 0x00);
  for (let at = 4; at + 4 <= parameters.length; at += 4) {
    const id = be16(parameters, at + 2);
    if (!unit.groups.some((group) => group.id === id)) return CHECK(0x05, 0x26, 0x00);
    yield* change_group(unit, id, { state: u8(parameters, at) & 0xf }, nexus);
  }
  return GOOD;
}
