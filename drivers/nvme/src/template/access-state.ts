// SPDX-License-Identifier: GPL-2.0-only
import {
  MPATH_STATE_NONOPTIMIZED,
  MPATH_STATE_OPTIMIZED,
  MPATH_STATE_OTHER,
  type mpath_access_state,
} from '@libmultipath/driver-kit';
import { NVME_ANA_NONOPTIMIZED, NVME_ANA_OPTIMIZED } from '../environment/constants.js';

/** Pure. Part of nvme_mpath_update_ana_state(), NVMe v2 and v3. */
export const access_state_of = (ana_state: number): mpath_access_state => {
  if (ana_state === NVME_ANA_OPTIMIZED) return MPATH_STATE_OPTIMIZED;
  return ana_state === NVME_ANA_NONOPTIMIZED ? MPATH_STATE_NONOPTIMIZED : MPATH_STATE_OTHER;
};
