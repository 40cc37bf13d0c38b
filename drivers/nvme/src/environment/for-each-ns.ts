// SPDX-License-Identifier: GPL-2.0-only
import { list_first_or_null_rcu, list_next_or_null_rcu, type Steps } from '@libmultipath/driver-kit';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_base } from './nvme-ns.js';

/** Walks the controller's paths under what protects that list. Context: may sleep. */
export function* for_each_ns(ctrl: nvme_ctrl, body: (ns: nvme_ns_base) => Steps<void>): Steps<void> {
  const { namespaces, namespaces_guard } = ctrl;
  const idx = yield* namespaces_guard.read_lock();
  let ns = yield* list_first_or_null_rcu(namespaces);
  for (; ns !== null; ns = yield* list_next_or_null_rcu(namespaces, ns.list)) yield* body(ns);
  yield* namespaces_guard.read_unlock(idx);
}
