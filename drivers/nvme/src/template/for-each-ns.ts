// SPDX-License-Identifier: GPL-2.0-only
import { list_first_or_null_rcu, list_next_or_null_rcu, type Steps } from '@libmultipath/driver-kit';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { path_of, type nvme_ns } from './nvme-ns.js';

/** Walks the controller's paths under what protects that list. */
export function* for_each_ns(ctrl: nvme_ctrl, body: (ns: nvme_ns) => Steps<void>): Steps<void> {
  const { namespaces, namespaces_guard } = ctrl;
  const idx = yield* namespaces_guard.read_lock();
  let ns = yield* list_first_or_null_rcu(namespaces);
  for (; ns !== null; ns = yield* list_next_or_null_rcu(namespaces, ns.list)) yield* body(path_of(ns));
  yield* namespaces_guard.read_unlock(idx);
}
