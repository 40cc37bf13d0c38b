// SPDX-License-Identifier: GPL-2.0-only
import { rcu_assign_pointer, rcu_dereference, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/** `srcu_dereference(head->current_path[node])`. */
export const cached_path = <D extends mpath_device_base>(head: mpath_head_base<D>, node: number): Steps<D | null> =>
  rcu_dereference(head, 'current_path', node);

/** `rcu_assign_pointer(head->current_path[node], dev)`. */
export const cache_path = <D extends mpath_device_base>(
  head: mpath_head_base<D>,
  node: number,
  dev: D | null,
): Steps<void> => rcu_assign_pointer(head, 'current_path', dev, node);
