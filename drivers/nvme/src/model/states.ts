// SPDX-License-Identifier: GPL-2.0-only
import type { Json, Steps } from '@libmultipath/driver-kit';
import { nvme_ctrl_state_names } from '../environment/constants.js';
import { look } from './disks.js';
import { slotOf, type NvmeModelWorld } from './world.js';

export function* modelStates(world: NvmeModelWorld, label: string): Steps<Json> {
  yield* look();
  return slotOf(world, label).states.map((state) => nvme_ctrl_state_names[state] ?? String(state));
}

export function* modelEntered(world: NvmeModelWorld, label: string): Steps<Json> {
  yield* look();
  return slotOf(world, label).entered.map((state) => nvme_ctrl_state_names[state] ?? String(state));
}
