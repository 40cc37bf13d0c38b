// SPDX-License-Identifier: GPL-2.0-only
import { load, makeStep, type Steps } from '@libmultipath/driver-kit';
import {
  NVME_CTRL_CONNECTING,
  NVME_CTRL_DELETING,
  NVME_CTRL_FAILFAST_EXPIRED,
  NVME_CTRL_LIVE,
  NVME_CTRL_RESETTING,
} from '../environment/constants.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import type { pci_slot } from '../environment/pci-slot.js';
import { errors } from '../errors.js';
import type { ResetArgs } from '../vocabulary/target-args.js';
import { look } from './disks.js';
import { loseConnection, restoreConnection } from './path-verbs.js';
import { feedLoads, setPhase } from './streams.js';
import { slotOf, type NvmeModelWorld } from './world.js';

/** Waits until the state is none of these. */
function* leaves(ctrl: nvme_ctrl, states: readonly number[]): Steps<void> {
  yield makeStep('await_state', ctrl, 'state', 'read', {
    ordering: 'full',
    enabled: () => !states.includes(ctrl.state),
  });
}

const connectionOf = (world: NvmeModelWorld, step: string, label: string): pci_slot => {
  const slot = slotOf(world, label);
  if (slot.fabrics !== null) return slot;
  throw errors.fail('LMP-201', {
    message: `${step}: ${label} is an emulated controller`,
    todo: 'say `transport: tcp` in the topology',
  });
};

/** A connection and the controller that has it, if any, once the loads are under way. @throws LMP-201 no target */
function* connected(world: NvmeModelWorld, step: string, label: string) {
  const slot = connectionOf(world, step, label);
  yield* feedLoads(world);
  return { slot, ctrl: yield* load(slot, 'drvdata') };
}

/** @throws LMP-201 no target, or nothing is attached there */
function* attached(world: NvmeModelWorld, step: string, label: string) {
  const { slot, ctrl } = yield* connected(world, step, label);
  if (ctrl !== null) return { slot, ctrl };
  throw errors.fail('LMP-201', { message: `${step}: ${label} is not attached`, todo: 'attach it before' });
}

/** The port serves nobody; whoever is connected notices, and connects again in vain. @throws LMP-201 no target */
export function* modelTargetOff(world: NvmeModelWorld, { controller }: ResetArgs): Steps<void> {
  const { ctrl } = yield* connected(world, 'target-off', controller);
  yield* loseConnection(world, controller);
  if (ctrl !== null) yield* leaves(ctrl, [NVME_CTRL_LIVE, NVME_CTRL_RESETTING]);
}

/** The port serves again; returns when whoever tries to connect is live and has scanned. @throws LMP-201 no target */
export function* modelTargetOn(world: NvmeModelWorld, { controller }: ResetArgs): Steps<void> {
  const { ctrl } = yield* connected(world, 'target-on', controller);
  yield* restoreConnection(world, controller);
  if (ctrl !== null) yield* leaves(ctrl, [NVME_CTRL_RESETTING, NVME_CTRL_CONNECTING]);
  yield* look();
}

/** Waits until the controller’s `fast_io_fail_tmo` is over. @throws LMP-201 nothing is attached there */
export function* modelAwaitFailfast(world: NvmeModelWorld, { controller }: ResetArgs): Steps<void> {
  const { ctrl } = yield* attached(world, 'await-failfast', controller);
  yield makeStep('await_failfast', ctrl, 'flags', 'read', {
    ordering: 'full',
    enabled: () => (ctrl.flags & (1 << NVME_CTRL_FAILFAST_EXPIRED)) !== 0,
  });
}

/** Waits until the driver has given the connection up and removed the controller. @throws LMP-201 no target */
export function* modelAwaitLoss(world: NvmeModelWorld, { controller }: ResetArgs): Steps<void> {
  const slot = connectionOf(world, 'await-loss', controller);
  setPhase(world, 'during');
  yield* feedLoads(world);
  const ctrl = yield* load(slot, 'drvdata');
  if (ctrl !== null) {
    yield* leaves(ctrl, [NVME_CTRL_LIVE, NVME_CTRL_RESETTING, NVME_CTRL_CONNECTING, NVME_CTRL_DELETING]);
    yield* look();
    // Whoever removes it waits for somebody, and so does this step.
    if (slot.drvdata !== null) {
      yield makeStep('await_loss', slot, 'drvdata', 'read', { ordering: 'full', enabled: () => slot.drvdata === null });
    }
  }
  yield* look();
  setPhase(world, 'after');
  if ([...world.slots.values()].every(({ drvdata }) => drvdata === null)) world.core.journal.isOrphan = true;
}

/** Waits until the controller was reset and is live again. @throws LMP-201 nothing is attached there */
export function* modelAwaitAnatt(world: NvmeModelWorld, { controller }: ResetArgs): Steps<void> {
  const { slot, ctrl } = yield* attached(world, 'await-anatt', controller);
  yield makeStep('await_anatt', ctrl, 'state', 'read', {
    ordering: 'full',
    enabled: () => wasReset(slot.entered),
  });
  yield* look();
}

/** Pure: what was entered is part of the state. */
const wasReset = (entered: readonly number[]): boolean =>
  entered.includes(NVME_CTRL_RESETTING) && entered.at(-1) === NVME_CTRL_LIVE;
