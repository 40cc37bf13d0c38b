// SPDX-License-Identifier: GPL-2.0-only
import { head_disk_groups } from './sd/attributes.js';
import type { Naming } from './template.js';

/** Since v2. */
export const prefixed: Naming = {
  id: 'vpd_id',
  device: (index) => `scsi_mpath_device${String(index)}`,
  disk: (index) => `scsi_mpath_disk${String(index)}`,
  disk_groups: head_disk_groups,
};

/** v1: numbers alone, and no delayed removal. */
export const bare: Naming = {
  id: 'wwid',
  device: (index) => String(index),
  disk: (index) => String(index),
  disk_groups: (lib) => [lib.mpath_attr_group],
};
