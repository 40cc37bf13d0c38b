// SPDX-License-Identifier: GPL-2.0-only
import { delete_module, flush_workqueue, kfn, load, module, store, type Steps } from '@libmultipath/driver-kit';
import type { nvme_core } from './nvme-core.js';
import type { pci_slot } from './pci-slot.js';
import { nvme_delete_ctrl } from './tcp.js';

/**
 * Every connection is deleted, each in a work of its own, and all of those have ended when the text goes.
 * Kernel: nvme_tcp_cleanup_module(), all versions. Context: may sleep.
 */
const nvme_tcp_cleanup_module = kfn(
  'nvme_tcp_cleanup_module',
  function* (core: nvme_core, slots: readonly pci_slot[]): Steps<void> {
    for (const slot of slots) {
      const ctrl = yield* load(slot, 'drvdata');
      if (ctrl !== null) yield* nvme_delete_ctrl(ctrl);
    }
    yield* flush_workqueue(core.nvme_delete_wq);
  },
);

/**
 * rmmod of the transport. An open head is no reason to refuse it: only an open controller holds the module.
 * Kernel: delete_module(2) with O_NONBLOCK. @returns 0; -EWOULDBLOCK: somebody holds it; -ENOENT: there is none
 */
export const unload_transport = (core: nvme_core, slots: readonly pci_slot[]): Steps<number> =>
  delete_module(core.transport, () => nvme_tcp_cleanup_module(core, slots));

/** The module is there again, without a connection. Kernel: finit_module(2). Context: may sleep. */
export function* load_transport(core: nvme_core): Steps<void> {
  yield* store(core, 'transport', new module(core.transport.name));
}
