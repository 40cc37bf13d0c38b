// SPDX-License-Identifier: GPL-2.0-only
import {
  data_race,
  list_entries,
  makeStep,
  type Json,
  type Step,
  type Steps,
  type Touch,
} from '@libmultipath/driver-kit';
import type { Completion } from '../environment/completion-table.js';
import { accessStateName, SCSI_ACCESS_STATE_PREFERRED } from '../environment/access-states.js';
import { ALUA_PG_RUN_RTPG, ALUA_PG_RUN_STPG, ALUA_PG_RUNNING } from '../environment/alua/port-group.js';
import { disarm_injected, inject, resize_unit, set_transport } from '../environment/hardware/change.js';
import { change_group } from '../environment/hardware/set-groups.js';
import { errors } from '../errors.js';
import type {
  AwaitAccessStateArgs,
  ChangeGroupArgs,
  InjectArgs,
  PathArgs,
  ResizeArgs,
  SetTransportArgs,
  UnitAttentionArgs,
} from '../vocabulary/args.js';
import { accessStateNumber } from '../vocabulary/names.js';
import { groupNumber } from './identity.js';
import { look } from './sight-of.js';
import { feedLoads } from './streams.js';
import { deviceOf, pathOf, unitCalled, type ScsiModelWorld } from './world.js';

const SECTORS_PER_MIB = 2_048;

const completionOf = ({ host, status, sense }: Exclude<InjectArgs['completion'], string>): Completion => ({
  ...(host === undefined ? {} : { host }),
  ...(status === undefined ? (sense === undefined ? {} : { status: 0x02 }) : { status }),
  ...(sense === undefined ? {} : { sense }),
});

export function* modelSetTransport(world: ScsiModelWorld, { path, host }: SetTransportArgs): Steps<void> {
  yield* feedLoads(world);
  yield* set_transport(pathOf(world, path).nexus, host === undefined ? null : { host });
}

export function* modelInject(world: ScsiModelWorld, { path, completion, count }: InjectArgs): Steps<void> {
  const what = completion === 'no-answer' ? 'no answer' : completionOf(completion);
  yield* inject(pathOf(world, path).nexus, what, count ?? 1);
}

export function* modelEndInjection(world: ScsiModelWorld, { path }: PathArgs): Steps<void> {
  yield* disarm_injected(pathOf(world, path).nexus);
}

export function* modelUnitAttention(world: ScsiModelWorld, { path, code }: UnitAttentionArgs): Steps<void> {
  const { nexus } = pathOf(world, path);
  yield makeStep('unit_attention', nexus, 'unitAttentions', 'update', { ordering: 'full' });
  nexus.unitAttentions.push([code[0], code[1]]);
}

/** @throws LMP-252 no path of any unit is in the group */
export function* modelChangeGroup(
  world: ScsiModelWorld,
  { group, state, preferred, told }: ChangeGroupArgs,
): Steps<void> {
  const path = world.topology.paths.find((one) => one.group === group);
  if (path === undefined) {
    throw errors.fail('LMP-252', { message: `change-group: no path is in ${group}`, todo: 'give one the group' });
  }
  yield* feedLoads(world);
  yield* change_group(unitCalled(world, path.unit), groupNumber(world.topology, group), {
    ...(state === undefined ? {} : { state: accessStateNumber(state) }),
    ...(preferred === undefined ? {} : { preferred }),
    told,
  });
}

/** One look of somebody outside the kernel. */
function* once(step: Step): Steps<void> {
  yield step;
}

/** What the handler's worker is to do, or does. */
const BUSY = ALUA_PG_RUN_RTPG | ALUA_PG_RUN_STPG | ALUA_PG_RUNNING;

/** Waits, as long as it takes. @throws LMP-252 the path is not attached */
export function* modelAwaitAccessState(
  world: ScsiModelWorld,
  { path, is, preferred }: AwaitAccessStateArgs,
): Steps<void> {
  const sdev = deviceOf(world, path, 'await-access-state');
  const isPreferred = (): boolean => (sdev.access_state & SCSI_ACCESS_STATE_PREFERRED) !== 0;
  const isThere = (): boolean =>
    accessStateName(sdev.access_state) === is && (preferred === undefined || isPreferred() === preferred);
  // What the handler was asked for meanwhile is done as well, so that what follows begins with it at rest.
  const groups = list_entries(world.core.port_group_list);
  const enabled = (): boolean => isThere() && groups.every(({ flags }) => (flags & BUSY) === 0);
  const also = [
    { object: world.core, field: 'port_group_list', access: 'read' } as const,
    ...groups.map((group): Touch => ({ object: group, field: 'flags', access: 'read' })),
  ];
  yield* data_race(once(makeStep('await_access_state', sdev, 'access_state', 'read', { enabled, also, rest: [] })));
  yield* look();
}

export function* modelResize(world: ScsiModelWorld, { unit, sizeMiB }: ResizeArgs): Steps<void> {
  yield* resize_unit(unitCalled(world, unit), sizeMiB * SECTORS_PER_MIB);
}

/** How many injected completions of each path were not used. */
export function* modelInjected(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  return Object.fromEntries([...world.paths.values()].map(({ name, nexus }) => [name, nexus.injected.length]));
}
