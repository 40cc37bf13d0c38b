// SPDX-License-Identifier: GPL-2.0-only
import type { attribute_group } from '@libmultipath/kernel';

/** Name of the directory that path links go into. */
export const GROUP = 'multipath';

/**
 * The group that path links go into: one attribute that is never visible, so that the
 * directory exists. Kernel: `mpath_attr_group`, patch 08 of v1 to v3.
 */
export const mpath_attr_group: attribute_group = {
  name: GROUP,
  attrs: { dummy: { mode: 0 } },
  is_visible: () => false,
};
