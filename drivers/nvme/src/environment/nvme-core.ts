// SPDX-License-Identifier: GPL-2.0-only
import { ida, type kobject, KObject, list_head, module, mutex, workqueue_struct } from '@libmultipath/driver-kit';
import { NVME_IOPOLICY_NUMA, nvme_max_retries } from './constants.js';
import { Journal } from './journal.js';
import { module_parameters } from './module-parameters.js';
import type { nvme_multipath } from './multipath-ops.js';
import type { nvme_subsystem } from './nvme-subsystem.js';
import type { NvmeEnvironmentParts } from './parts.js';

/** Static data of the modules nvme-core and nvme, and what the model keeps beside it. */
export class nvme_core extends KObject {
  readonly nvme_subsystems = new list_head<nvme_subsystem>(this);
  readonly nvme_subsystems_lock = new mutex(this);
  /** Numbers of controllers and subsystems. */
  readonly nvme_instance_ida = new ida(this);
  /** Minors of the character devices of heads and namespaces. */
  readonly nvme_ns_chr_minor_ida = new ida(this);
  readonly nvme_wq = new workqueue_struct('nvme-wq');
  readonly nvme_reset_wq = new workqueue_struct('nvme-reset-wq');
  readonly nvme_delete_wq = new workqueue_struct('nvme-delete-wq');
  /** THIS_MODULE of nvme-core. */
  readonly this_module = new module('nvme_core');
  /** The module of the transport of all controllers; another object each time it is loaded. */
  transport = new module('nvme_tcp');
  /** Module parameter `iopolicy`: the policy of subsystems made later. */
  iopolicy: number = NVME_IOPOLICY_NUMA;
  /** Module parameter `max_retries`. Requests look at it without a step: set it while none is under way. */
  max_retries = nvme_max_retries;
  /** Module parameter `multipath`, read-only in the kernel too. */
  multipath = true;
  /** Module parameter `multipath_always_on`, since 6.16. */
  multipath_always_on = false;
  /** Parameters of the module in sysfs. */
  readonly parameters: kobject;
  /** Tracepoints and probes that observations read. */
  readonly journal = new Journal(this);

  constructor(
    /** How this kernel's core and PCI parts differ from others. */
    readonly parts: NvmeEnvironmentParts,
    /** Who implements multipath on top. */
    readonly mpath: nvme_multipath,
  ) {
    super();
    this.parameters = module_parameters(this);
  }
}
