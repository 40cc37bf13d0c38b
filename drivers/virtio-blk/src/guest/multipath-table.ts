// SPDX-License-Identifier: GPL-2.0-only
import type { Policy } from '../vocabulary/args.js';

/**
 * Parameters of a multipath table, as the model's daemon makes its groups: for numa a group for each path,
 * for round-robin one of all; bio based, without a hardware handler.
 * Kernel: Documentation/admin-guide/device-mapper, target multipath.
 * @param devices `major:minor` of each path
 */
export const multipathParams = (devices: readonly string[], policy: Policy, queueIfNoPath: boolean): string => {
  const features = queueIfNoPath ? '3 queue_if_no_path queue_mode bio' : '2 queue_mode bio';
  const groups = policy === 'numa' ? devices.map((device) => [device]) : [devices];
  // One argument for each path: how many bios before the next path's turn.
  const texts = groups.map((paths) => `round-robin 0 ${paths.length} 1 ${paths.map((path) => `${path} 1`).join(' ')}`);
  return `${features} 0 ${groups.length} 1 ${texts.join(' ')}`;
};
