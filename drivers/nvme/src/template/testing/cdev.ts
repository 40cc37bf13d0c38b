// SPDX-License-Identifier: GPL-2.0-only
import { device, list_entries } from '@libmultipath/driver-kit';
import type { NvmeModelWorld } from '../../model/world.js';

/** Number of the head's character device, for filp_open(). */
export const cdevNumber = ({ core }: NvmeModelWorld): number => {
  const [subsys] = list_entries(core.nvme_subsystems);
  for (const [name, { container }] of subsys?.dev.kobj.children ?? []) {
    if (name.startsWith('ng') && container instanceof device) return container.devt;
  }
  throw new Error('there is no character device');
};
