// SPDX-License-Identifier: GPL-2.0-only
import { errno_name, load, type NoArgs, type Steps } from '@libmultipath/driver-kit';
import { nvme_ana_state_names } from '../environment/constants.js';
import { nvme_reset_ctrl_sync } from '../environment/reset-ctrl.js';
import { nvme_queue_scan } from '../environment/start-ctrl.js';
import { errors } from '../errors.js';
import type { NamespaceArgs, ResetArgs, SetAnaArgs } from '../vocabulary/target-args.js';
import { denyHost, setAnaState, setNamespaces } from './path-verbs.js';
import { feedLoads } from './streams.js';
import { slotOf, type NvmeModelWorld } from './world.js';

/** @throws LMP-201 the topology has no target */
export function* modelSetAna(world: NvmeModelWorld, { controller, group, state }: SetAnaArgs): Steps<void> {
  yield* feedLoads(world);
  yield* setAnaState(world, controller, group, nvme_ana_state_names.indexOf(state));
}

/** Every controller in turn: the target goes through its ports. */
function* showNamespace(world: NvmeModelWorld, nsid: number, isThere: boolean): Steps<void> {
  yield* feedLoads(world);
  for (const [label, { target }] of world.slots) {
    const shown = new Set(target?.namespaces.map(({ media }) => media.nsid));
    if (isThere) shown.add(nsid);
    else shown.delete(nsid);
    yield* setNamespaces(world, label, (own) => own.filter(({ media }) => shown.has(media.nsid)));
  }
}

export const modelEnableNamespace = (world: NvmeModelWorld, { nsid }: NamespaceArgs): Steps<void> =>
  showNamespace(world, nsid, true);
export const modelDisableNamespace = (world: NvmeModelWorld, { nsid }: NamespaceArgs): Steps<void> =>
  showNamespace(world, nsid, false);

/** A write to `rescan_controller`. @throws LMP-201 nothing is attached there */
export function* modelRescan(world: NvmeModelWorld, { controller }: ResetArgs): Steps<void> {
  yield* feedLoads(world);
  const ctrl = yield* load(slotOf(world, controller), 'drvdata');
  if (ctrl === null) {
    throw errors.fail('LMP-201', { message: `rescan: ${controller} is not attached`, todo: 'attach it before' });
  }
  yield* nvme_queue_scan(ctrl);
}

/** @throws LMP-201 nothing is attached there, or the kernel refuses */
export function* modelReset(world: NvmeModelWorld, { controller }: ResetArgs): Steps<void> {
  yield* feedLoads(world);
  const ctrl = yield* load(slotOf(world, controller), 'drvdata');
  const result = ctrl === null ? undefined : yield* nvme_reset_ctrl_sync(ctrl);
  if (result === 0) return;
  throw errors.fail('LMP-201', {
    message: `reset: ${result === undefined ? `${controller} is not attached` : `the model refuses with ${errno_name(result)}`}`,
    todo: 'attach it before, and let it become live',
  });
}

/** The target refuses new connections of this host, or takes them. @throws LMP-201 the topology has no target */
const admitting = (deniesHost: boolean) =>
  function* (world: NvmeModelWorld, _args: NoArgs): Steps<void> {
    yield* feedLoads(world);
    for (const label of world.slots.keys()) yield* denyHost(world, label, deniesHost);
  };

export const modelDenyHost = admitting(true);
export const modelAllowHost = admitting(false);
