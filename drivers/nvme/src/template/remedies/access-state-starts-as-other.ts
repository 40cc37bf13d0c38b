// SPDX-License-Identifier: GPL-2.0-only
import { MPATH_STATE_OTHER, store } from '@libmultipath/driver-kit';
import type { NvmeRemedy } from './remedy.js';

/** Until its ANA state is known nobody chooses a path, as on 7.3. */
export const access_state_starts_as_other: NvmeRemedy = {
  name: 'access-state-starts-as-other',
  removes: ['I/O to a path of which nobody has asked the ANA state'],
  inC: '`nvme_add_ns()` sets `access_state` to `MPATH_STATE_OTHER` before it calls `mpath_add_device()`.',
  apply: (parts) => ({
    ...parts,
    initial_access_state: (dev) => store(dev, 'access_state', MPATH_STATE_OTHER),
  }),
};
