// SPDX-License-Identifier: GPL-2.0-only
import { E, KObject, makeStep, type Steps } from '@libmultipath/driver-kit';
import { anaLogPage, type AnaGroup } from './ana-log.js';
import {
  NVME_ANA_CHANGE,
  NVME_ANA_INACCESSIBLE,
  NVME_ANA_PERSISTENT_LOSS,
  NVME_SC_ANA_INACCESSIBLE,
  NVME_SC_ANA_PERSISTENT_LOSS,
  NVME_SC_ANA_TRANSITION,
  NVME_SC_CONNECT_INVALID_HOST,
  NVME_SC_SUCCESS,
  NVME_STATUS_DNR,
} from './constants.js';
import type { ControllerIdentity } from './controller-identity.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { SlotNamespace } from './pci-slot.js';

/**
 * The target behind one controller, whose answers may change while that is used: namespaces come, go and change
 * their size, groups change their state. (An emulated PCI controller has none: its answers never change.)
 * All of it is looked at and changed under the field `answers`.
 */
export class nvme_target extends KObject {
  /** Namespaces attached to the controller, ascending by nsid. */
  namespaces: readonly SlotNamespace[];
  /** State of each ANA group, by its number. */
  readonly groups = new Map<number, number>();
  /** What the disk behind a namespace makes of every command, by nsid: a status. */
  readonly failing = new Map<number, number>();
  /** It refuses new connections of this host; those that are there stay. */
  deniesHost = false;
  /** What the ANA log says instead of what is true. */
  rawLog: readonly number[] | null = null;
  /** Result of the next admin commands: -errno, or a positive status. */
  readonly nextAdmin: number[] = [];

  constructor(
    readonly identity: ControllerIdentity,
    namespaces: readonly SlotNamespace[],
  ) {
    super();
    this.namespaces = namespaces;
  }

  /** Namespaces of each group. */
  get anaGroups(): AnaGroup[] {
    return [...this.groups]
      .sort(([a], [b]) => a - b)
      .map(([grpid, state]) => ({
        grpid,
        state,
        nsids: this.namespaces.filter((ns) => (ns.anagrpid ?? 1) === grpid).map(({ media }) => media.nsid),
      }));
  }
}

function* ask<T>(op: string, target: nvme_target, answer: () => T): Steps<T | number> {
  const touches = [{ object: target, field: 'nextAdmin', access: 'update' }] as const;
  const step = makeStep(op, target, 'answers', 'read', { ordering: 'full', also: touches });
  yield step;
  const failed = target.nextAdmin.shift();
  return failed === undefined || failed === 0 ? answer() : failed;
}

/** Changes what the target answers, in one step. */
export function* change_target(target: nvme_target, change: (target: nvme_target) => void): Steps<void> {
  yield makeStep('target', target, 'answers', 'write', { ordering: 'full' });
  change(target);
}

/**
 * Get Log Page, identifier 0x0c. What the page lacks of the buffer is zero.
 * @returns the buffer; else -errno or a positive status
 */
export function* get_ana_log(ctrl: nvme_ctrl, sizeBytes: number): Steps<readonly number[] | number> {
  const { target } = ctrl.slot;
  if (target === null) return -E.EIO;
  return yield* ask('nvme_get_log', target, () => {
    const page = (target.rawLog ?? anaLogPage(target.anaGroups)).slice(0, sizeBytes);
    return [...page, ...Array.from({ length: sizeBytes - page.length }, () => 0)];
  });
}

const anaStatus: ReadonlyMap<number | undefined, number> = new Map([
  [NVME_ANA_INACCESSIBLE, NVME_SC_ANA_INACCESSIBLE],
  [NVME_ANA_PERSISTENT_LOSS, NVME_SC_ANA_PERSISTENT_LOSS],
  [NVME_ANA_CHANGE, NVME_SC_ANA_TRANSITION],
]);

/**
 * What the target answers an I/O command by the ANA state of the namespace's group, whatever the host knows of it; then
 * by the state of the disk behind the namespace.
 */
export function* ana_status_of({ slot: { target } }: nvme_ctrl, nsid: number): Steps<number> {
  if (target === null) return NVME_SC_SUCCESS;
  const step = makeStep('nvmet_check_ana_state', target, 'answers', 'read', { ordering: 'full' });
  yield step;
  const { anagrpid = 1 } = target.namespaces.find(({ media }) => media.nsid === nsid) ?? {};
  const status = anaStatus.get(target.groups.get(anagrpid)) ?? target.failing.get(nsid) ?? NVME_SC_SUCCESS;
  step.value = status;
  return status;
}

/** The Connect command. @returns 0 or a positive status */
export function* connect_to({ slot: { target } }: nvme_ctrl): Steps<number> {
  if (target === null) return NVME_SC_SUCCESS;
  const step = makeStep('nvmf_connect', target, 'answers', 'read', { ordering: 'full' });
  yield step;
  return target.deniesHost ? NVME_SC_CONNECT_INVALID_HOST | NVME_STATUS_DNR : NVME_SC_SUCCESS;
}

/** Identify with the active namespace list. @returns the ids, ascending; else -errno or a positive status */
export function* identify_active_list(ctrl: nvme_ctrl): Steps<readonly number[] | number> {
  const { slot } = ctrl;
  const { target } = slot;
  if (target === null) return slot.namespaces.map(({ media }) => media.nsid);
  return yield* ask('nvme_identify_ns_list', target, () => target.namespaces.map(({ media }) => media.nsid));
}

/** Identify Namespace. @returns the namespace, null: none is attached there; else -errno or a positive status */
export function* identify_namespace(ctrl: nvme_ctrl, nsid: number): Steps<SlotNamespace | null | number> {
  const { slot } = ctrl;
  const { target } = slot;
  const found = (all: readonly SlotNamespace[]): SlotNamespace | null =>
    all.find(({ media }) => media.nsid === nsid) ?? null;
  if (target === null) return found(slot.namespaces);
  return yield* ask('nvme_identify_ns', target, () => found(target.namespaces));
}
