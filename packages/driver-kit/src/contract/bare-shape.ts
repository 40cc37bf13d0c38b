// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryTopology } from '@libmultipath/contract';

/** Two paths to one device of 1 MiB, none attached: what a look at one thing after the other starts from. */
export const bareShape: BatteryTopology = {
  paths: 2,
  attached: [],
  unusable: [],
  nodes: [0],
  pathNodes: [],
  policy: 'numa',
  delayedRemovalSecs: 0,
  sectors: 2_048,
  shared: true,
  without: [],
  allocationsFail: false,
};
