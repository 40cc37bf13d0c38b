// SPDX-License-Identifier: GPL-2.0-only
import {
  dev_err,
  device,
  device_add,
  device_del,
  E,
  ida,
  ida_free,
  kfn,
  KObject,
  kref,
  kref_get_unless_zero,
  kref_put,
  list_add_tail,
  list_del,
  list_first_entry_or_null,
  list_head,
  list_next_or_null,
  load,
  mutex,
  mutex_lock,
  mutex_unlock,
  READ_ONCE,
  store,
  sysfs_create_link,
  type Steps,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { NVME_CTRL_CMIC_MULTI_CTRL, NVME_CTRL_DEAD, NVME_CTRL_DELETING, NVME_CTRL_DELETING_NOIO } from './constants.js';
import { emulatedTexts, type ControllerTexts } from './controller-identity.js';
import type { nvme_core } from './nvme-core.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_head_base } from './nvme-ns-head-base.js';
import { identity_group } from './subsystem-attributes.js';

/** Kernel: struct nvme_subsystem: controllers and heads of one NVM subsystem. */
export class nvme_subsystem extends KObject {
  instance = -1;
  readonly ref = new kref(this, 1);
  /** Protects `nsheads` and the paths' lists. */
  readonly lock = new mutex(this);
  /** Under `nvme_subsystems_lock`. */
  readonly ctrls = new list_head<nvme_ctrl>(this);
  readonly nsheads = new list_head<nvme_ns_head_base>(this);
  readonly entry = new list_head<nvme_subsystem>(this);
  /** Numbers of heads, from 1. */
  readonly ns_ida = new ida(this);
  cmic = NVME_CTRL_CMIC_MULTI_CTRL;
  iopolicy: number;
  /** Of the controller that came first. */
  texts: ControllerTexts = emulatedTexts;
  readonly dev: device;

  constructor(
    readonly core: nvme_core,
    readonly subnqn: string,
    instance: number,
  ) {
    super();
    this.iopolicy = core.iopolicy;
    this.dev = new device(`nvme-subsys${String(instance)}`, null, this);
    this.dev.groups = [identity_group(this), ...core.mpath.subsystem_groups(this)];
  }
}

/** The subsystem of a controller whose namespaces are scanned. Errors: LMP-202 */
export const subsystem_of = (ctrl: nvme_ctrl): nvme_subsystem => {
  if (ctrl.subsys !== null) return ctrl.subsys;
  throw errors.fail('LMP-202', {
    message: 'a namespace was scanned before nvme_init_subsystem()',
    todo: 'report this',
  });
};

/** Kernel: __nvme_find_get_subsystem(), all versions. Under `nvme_subsystems_lock`. */
const __nvme_find_get_subsystem = kfn(
  '__nvme_find_get_subsystem',
  function* (core: nvme_core, subsysnqn: string): Steps<nvme_subsystem | null> {
    for (
      let subsys = yield* list_first_entry_or_null(core.nvme_subsystems);
      subsys !== null;
      subsys = yield* list_next_or_null(core.nvme_subsystems, subsys.entry)
    ) {
      if (subsys.subnqn === subsysnqn && (yield* kref_get_unless_zero(subsys.ref))) return subsys;
    }
    return null;
  },
);

const isTerminal = (state: number): boolean =>
  state === NVME_CTRL_DELETING || state === NVME_CTRL_DELETING_NOIO || state === NVME_CTRL_DEAD;

/**
 * Has the controller a number of its own, and may there be another one? (An emulated subsystem gives each a number
 * of its own and has several, so those are not compared.)
 * Kernel: nvme_validate_cntlid(), all versions. Context: `nvme_subsystems_lock` held.
 */
const nvme_validate_cntlid = kfn(
  'nvme_validate_cntlid',
  function* (subsys: nvme_subsystem, ctrl: nvme_ctrl): Steps<boolean> {
    const { target, identity } = ctrl.slot;
    if (target === null) return true;
    let at = yield* list_first_entry_or_null(subsys.ctrls);
    for (; at !== null; at = yield* list_next_or_null(subsys.ctrls, at.subsys_entry)) {
      if (isTerminal(yield* READ_ONCE(at, 'state'))) continue;
      const { cntlid } = identity;
      if (cntlid !== undefined && at.slot.identity.cntlid === cntlid) {
        const text = `Duplicate cntlid ${String(cntlid)} with ${at.device.name}, subsys ${subsys.subnqn}, rejecting`;
        dev_err(ctrl.device, text);
        return false;
      }
      if ((identity.cmic & NVME_CTRL_CMIC_MULTI_CTRL) !== 0) continue;
      dev_err(ctrl.device, 'Subsystem does not support multiple controllers');
      return false;
    }
    return true;
  },
);

/**
 * The subsystem takes the number of the controller that gets here first.
 * Kernel: nvme_init_subsystem(), all versions. Context: may sleep, no lock held.
 * References: the controller holds one on the subsystem.
 * @returns 0, or -EINVAL: the subsystem has no room for this controller
 */
export const nvme_init_subsystem = kfn('nvme_init_subsystem', function* (ctrl: nvme_ctrl): Steps<number> {
  const { core } = ctrl;
  const { subnqn } = ctrl.slot.subsystem;
  yield* mutex_lock(core.nvme_subsystems_lock);
  const found = yield* __nvme_find_get_subsystem(core, subnqn);
  if (found !== null && !(yield* nvme_validate_cntlid(found, ctrl))) {
    yield* mutex_unlock(core.nvme_subsystems_lock);
    yield* nvme_put_subsystem(found);
    return -E.EINVAL;
  }
  const subsys = found ?? new nvme_subsystem(core, subnqn, ctrl.instance);
  if (found === null) {
    subsys.cmic = ctrl.slot.identity.cmic;
    subsys.texts = ctrl.slot.texts;
    yield* device_add(subsys.dev);
    yield* list_add_tail(subsys.entry, core.nvme_subsystems);
  }
  yield* sysfs_create_link(subsys.dev.kobj, ctrl.device.kobj, ctrl.device.name);
  if (found === null) yield* store(subsys, 'instance', ctrl.instance);
  yield* store(ctrl, 'subsys', subsys);
  yield* list_add_tail(ctrl.subsys_entry, subsys.ctrls);
  yield* mutex_unlock(core.nvme_subsystems_lock);
  return 0;
});

/** Kernel: nvme_destroy_subsystem() with nvme_release_subsystem(), all versions. */
const nvme_destroy_subsystem = kfn('nvme_destroy_subsystem', function* (subsys: nvme_subsystem): Steps<void> {
  const { core } = subsys;
  yield* mutex_lock(core.nvme_subsystems_lock);
  yield* list_del(subsys.entry);
  yield* mutex_unlock(core.nvme_subsystems_lock);
  yield* device_del(subsys.dev);
  const instance = yield* load(subsys, 'instance');
  if (instance >= 0) yield* ida_free(core.nvme_instance_ida, instance);
});

/** Kernel: nvme_put_subsystem(), all versions. Context: may sleep. */
export const nvme_put_subsystem = kfn('nvme_put_subsystem', function* (subsys: nvme_subsystem): Steps<void> {
  yield* kref_put(subsys.ref, () => nvme_destroy_subsystem(subsys));
});
