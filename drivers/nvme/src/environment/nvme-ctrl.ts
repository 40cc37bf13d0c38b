// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_t,
  device,
  device_add,
  ida_alloc,
  ida_free,
  kfn,
  kfree,
  KObject,
  list_del,
  list_head,
  load,
  mutex,
  mutex_lock,
  mutex_unlock,
  NUMA_NO_NODE,
  spinlock_t,
  sysfs_remove_link,
  wait_queue_head,
  work_struct,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_NEW } from './constants.js';
import { ctrl_groups } from './ctrl-attributes.js';
import { nvme_get_ctrl } from './ctrl-reference.js';
import type { NamespacesGuard } from './namespaces-guard.js';
import type { nvme_core } from './nvme-core.js';
import { nvme_ctrl_ana } from './nvme-ctrl-ana.js';
import type { nvme_ns_base } from './nvme-ns.js';
import { nvme_put_subsystem, type nvme_subsystem } from './nvme-subsystem.js';
import { nvmf_ctrl } from './nvmf-ctrl.js';
import type { pci_slot } from './pci-slot.js';
import { nvme_reset_work } from './reset.js';
import { nvme_scan_work } from './scan.js';
import { nvme_reset_ctrl_work } from './tcp.js';

/** Kernel: struct nvme_ctrl with the struct nvme_dev around it. */
export class nvme_ctrl extends KObject {
  state: number = NVME_CTRL_NEW;
  readonly lock = new spinlock_t(this);
  readonly state_wq = new wait_queue_head(this);
  /** Paths, ascending by nsid. */
  readonly namespaces = new list_head<nvme_ns_base>(this);
  readonly namespaces_guard: NamespacesGuard;
  flags = 0;
  readonly scan_lock = new mutex(this);
  readonly scan_work: work_struct;
  readonly reset_work: work_struct;
  /** Requests in flight that count for policy queue-depth. */
  readonly nr_active = new atomic_t(this);
  /** Since 7.x: how often state RESETTING was entered. */
  readonly nr_reset = new atomic_t(this);
  /** Since 7.x: how often a command of its own failed. */
  readonly errors = new atomic_t(this);
  /** In ticks of 4 ms, as the module's parameters have them. */
  io_timeout = 7_500;
  admin_timeout = 15_000;
  passthru_err_log_enabled = false;
  /** Set by nvme_init_subsystem(), before any namespace is scanned. */
  subsys: nvme_subsystem | null = null;
  /** In `subsys->ctrls`. */
  readonly subsys_entry = new list_head<nvme_ctrl>(this);
  readonly device: device;
  readonly numa_node: number;
  /** Notices of the device that nobody has looked at, by their bits. */
  events = 0;
  /** Of a controller behind a target. */
  readonly ana: nvme_ctrl_ana | null;
  /** Of a fabrics connection; null: a PCI function. */
  readonly opts: nvmf_ctrl | null;
  /** Identify was done once. With the state machine one task at a time brings the controller up. */
  identified = false;
  /** NVME_CC_ENABLE: the controller ran before, so a reset stops it first. */
  wasEnabled = false;
  /** State DEAD was entered: by who removes the controller, or by a reset that he waits for. */
  isDead = false;
  /** A scan has been through: before, it cannot meet a path. Under `scan_lock`. */
  wasScanned = false;

  constructor(
    readonly core: nvme_core,
    readonly slot: pci_slot,
    readonly instance: number,
  ) {
    super();
    this.namespaces_guard = core.parts.namespaces_guard(this);
    this.numa_node = slot.node ?? NUMA_NO_NODE;
    this.scan_work = new work_struct(this, () => nvme_scan_work(this), 'nvme_scan_work');
    this.ana = slot.target === null ? null : new nvme_ctrl_ana(this);
    this.opts = slot.fabrics === null ? null : new nvmf_ctrl(this, slot.fabrics);
    this.reset_work =
      this.opts === null
        ? new work_struct(this, () => nvme_reset_work(this), 'nvme_reset_work')
        : new work_struct(this, () => nvme_reset_ctrl_work(this), 'nvme_reset_ctrl_work');
    this.device = new device(`nvme${String(instance)}`, null, this);
    this.device.subsystem = 'nvme';
    this.device.release = () => nvme_free_ctrl(this);
    this.device.groups = ctrl_groups(this);
  }
}

/**
 * A new controller in state NEW, visible in sysfs.
 * Kernel: nvme_init_ctrl() with nvme_add_ctrl(), all versions. Context: may sleep.
 * References: one that nvme_uninit_ctrl() drops, one that the end of the probe drops.
 */
export const nvme_init_ctrl = kfn('nvme_init_ctrl', function* (core: nvme_core, slot: pci_slot): Steps<nvme_ctrl> {
  const instance = yield* ida_alloc(core.nvme_instance_ida);
  const ctrl = new nvme_ctrl(core, slot, instance);
  yield* device_add(ctrl.device);
  yield* nvme_get_ctrl(ctrl);
  return ctrl;
});

/**
 * A number that is also the subsystem's stays taken until that goes.
 * Kernel: nvme_free_ctrl(), all versions. Context: may sleep.
 */
const nvme_free_ctrl = kfn('nvme_free_ctrl', function* (ctrl: nvme_ctrl): Steps<void> {
  const { core } = ctrl;
  const subsys = yield* load(ctrl, 'subsys');
  if (subsys === null || ctrl.instance !== (yield* load(subsys, 'instance'))) {
    yield* ida_free(core.nvme_instance_ida, ctrl.instance);
  }
  if (subsys !== null) {
    yield* mutex_lock(core.nvme_subsystems_lock);
    yield* list_del(ctrl.subsys_entry);
    yield* sysfs_remove_link(subsys.dev.kobj, ctrl.device.name);
    yield* mutex_unlock(core.nvme_subsystems_lock);
  }
  yield* kfree(ctrl);
  if (subsys !== null) yield* nvme_put_subsystem(subsys);
});
