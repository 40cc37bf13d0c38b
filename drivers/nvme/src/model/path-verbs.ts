// SPDX-License-Identifier: GPL-2.0-only
import { load, makeStep, type Steps } from '@libmultipath/driver-kit';
import { nvme_handle_aen_notice } from '../environment/aen.js';
import { NVME_AER_NOTICE_ANA, NVME_AER_NOTICE_NS_CHANGED } from '../environment/constants.js';
import { change_hw } from '../environment/hardware.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import type { SlotNamespace } from '../environment/pci-slot.js';
import { nvme_remove } from '../environment/pci.js';
import { nvme_reset_ctrl } from '../environment/reset-ctrl.js';
import { change_target, type nvme_target } from '../environment/target.js';
import { nvme_tcp_error_recovery } from '../environment/tcp.js';
import { errors } from '../errors.js';
import { slotOf, type NvmeModelWorld } from './world.js';

/*
 * What can happen to a path from outside, by the label of its controller. Each runs in the task that calls it
 * and returns when the kernel function that it stands for does; where there is no controller, only the
 * device changes.
 */

const controllerOf = (world: NvmeModelWorld, label: string): Steps<nvme_ctrl | null> =>
  load(slotOf(world, label), 'drvdata');

const targetOf = (world: NvmeModelWorld, label: string): nvme_target => {
  const { target } = slotOf(world, label);
  if (target !== null) return target;
  throw errors.fail('LMP-201', {
    message: `${label} is an emulated controller, whose answers never change`,
    todo: 'give the topology `targets`',
  });
};

/** The next command of the path ends with this status (`NVME_SC_…`). Context: any. */
export function* failNextCommand(world: NvmeModelWorld, label: string, status: number): Steps<void> {
  yield* change_hw('fail_next', slotOf(world, label).hw, ({ nextStatus }) => nextStatus.push(status));
}

/** The device completes nothing, or goes on. Context: any. */
export function* stallCommands(world: NvmeModelWorld, label: string, stalled: boolean): Steps<void> {
  yield* change_hw('stall', slotOf(world, label).hw, (hw) => {
    hw.stalled = stalled;
  });
}

/** The disk behind a namespace keeps what comes by this path, or goes on. Context: any. */
export function* blockNamespace(world: NvmeModelWorld, label: string, nsid: number, isBlocked: boolean): Steps<void> {
  yield* change_hw('block', slotOf(world, label).hw, ({ blocked }) => {
    if (isBlocked) blocked.add(nsid);
    else blocked.delete(nsid);
  });
}

/**
 * A reset begins that does not end until {@link endReset}: what is in flight is cancelled, and no I/O is sent to the
 * path. Context: any. @returns 0, or -EBUSY: the controller is in no state for it
 */
export function* beginReset(world: NvmeModelWorld, label: string): Steps<number> {
  const { hw } = slotOf(world, label);
  yield* change_hw('hold_reset', hw, () => {
    hw.ready = false;
  });
  const ctrl = yield* controllerOf(world, label);
  return ctrl === null ? 0 : yield* nvme_reset_ctrl(ctrl);
}

/** The device is ready again: a reset that waits for it goes on, in its own task. Context: any. */
export function* endReset(world: NvmeModelWorld, label: string): Steps<void> {
  yield* change_hw('let_reset_go_on', slotOf(world, label).hw, (hw) => {
    hw.ready = true;
  });
}

/** The device will not come back from the reset it is in. Context: any. */
export function* breakDevice(world: NvmeModelWorld, label: string): Steps<void> {
  yield* change_hw('break_device', slotOf(world, label).hw, (hw) => {
    hw.broken = true;
  });
}

/** The function vanishes from the bus and its driver notices, to the end of the removal. Context: may sleep. */
export function* surpriseRemove(world: NvmeModelWorld, label: string): Steps<void> {
  const slot = slotOf(world, label);
  yield* change_hw('vanish', slot.hw, (hw) => {
    hw.stalled = true;
  });
  yield* nvme_remove(slot, 'gone');
  // Whatever is plugged in there next is another one.
  yield* change_hw('plug', slot.hw, (hw) => {
    Object.assign(hw, { stalled: false, enabled: true, quiesced: false, ready: true, broken: false });
  });
}

/** The connection to the target is lost, until {@link restoreConnection}. Fabrics only. Context: any. */
export function* loseConnection(world: NvmeModelWorld, label: string): Steps<void> {
  yield* change_hw('lose_connection', slotOf(world, label).hw, (hw) => {
    hw.ready = false;
  });
  const ctrl = yield* controllerOf(world, label);
  if (ctrl !== null) yield* nvme_tcp_error_recovery(ctrl);
}

/** The target can be reached: the next attempt to connect succeeds. Context: any. */
export const restoreConnection = endReset;

/** An ANA group changes its state, and the controller says so. Context: any. */
export function* setAnaState(world: NvmeModelWorld, label: string, grpid: number, state: number): Steps<void> {
  yield* change_target(targetOf(world, label), ({ groups }) => groups.set(grpid, state));
  yield* notify(world, label, NVME_AER_NOTICE_ANA);
}

/** The ANA log says this, byte for byte, and the controller says that it changed; null: the truth again. Context: any. */
export function* setAnaLog(world: NvmeModelWorld, label: string, bytes: readonly number[] | null): Steps<void> {
  yield* change_target(targetOf(world, label), (target) => {
    target.rawLog = bytes;
  });
  yield* notify(world, label, NVME_AER_NOTICE_ANA);
}

/** The next admin command of the target gives this: -errno, or a positive status. Context: any. */
export function* failNextAdmin(world: NvmeModelWorld, label: string, result: number): Steps<void> {
  const target = targetOf(world, label);
  yield makeStep('fail_next_admin', target, 'nextAdmin', 'update', { ordering: 'full' });
  target.nextAdmin.push(result);
}

/** What the controller says of one namespace changes, and it says that it did. Context: any. */
export function* changeNamespace(
  world: NvmeModelWorld,
  label: string,
  nsid: number,
  change: Partial<SlotNamespace>,
): Steps<void> {
  yield* change_target(targetOf(world, label), (target) => {
    target.namespaces = target.namespaces.map((ns) => (ns.media.nsid === nsid ? { ...ns, ...change } : ns));
  });
  yield* notify(world, label, NVME_AER_NOTICE_NS_CHANGED);
}

/** The controller's list of namespaces changes, and it says so. Context: any. */
export function* setNamespaces(
  world: NvmeModelWorld,
  label: string,
  choose: (own: readonly SlotNamespace[]) => readonly SlotNamespace[],
): Steps<void> {
  const slot = slotOf(world, label);
  yield* change_target(targetOf(world, label), (target) => {
    target.namespaces = choose(slot.namespaces);
  });
  yield* notify(world, label, NVME_AER_NOTICE_NS_CHANGED);
}

/** The namespace changes its size on every controller, one after the other, and each says so. Context: any. */
export function* setCapacity(world: NvmeModelWorld, nsid: number, sectors: number): Steps<void> {
  for (const label of world.slots.keys()) yield* changeNamespace(world, label, nsid, { capacitySectors: sectors });
}

/** The target refuses new connections to this controller, or takes them. Context: any. */
export function* denyHost(world: NvmeModelWorld, label: string, deniesHost: boolean): Steps<void> {
  yield* change_target(targetOf(world, label), (target) => {
    target.deniesHost = deniesHost;
  });
}

/** The disk behind a namespace ends every command so, or serves again (null). Context: any. */
export function* failBackend(world: NvmeModelWorld, nsid: number, status: number | null): Steps<void> {
  for (const label of world.slots.keys()) {
    yield* change_target(targetOf(world, label), ({ failing }) => {
      if (status === null) failing.delete(nsid);
      else failing.set(nsid, status);
    });
  }
}

function* notify(world: NvmeModelWorld, label: string, notice: number): Steps<void> {
  const ctrl = yield* controllerOf(world, label);
  if (ctrl !== null) yield* nvme_handle_aen_notice(ctrl, notice);
}
