// SPDX-License-Identifier: GPL-2.0-only
import { READ_ONCE, WRITE_ONCE } from '@libmultipath/driver-kit';
import type { NvmeRemedy } from './remedy.js';

/** Readers and the writer of the driver's own copy of the state say that nothing orders them. */
export const ana_state_is_marked: NvmeRemedy = {
  name: 'ana-state-is-marked',
  removes: ['RACE-9a9114'],
  inC: '`nvme_mpath_update_ana_state()` stores `ns->ana_state` with `WRITE_ONCE()`, and `nvme_mpath_is_optimized()` and `ana_state_show()` read it with `READ_ONCE()`.',
  apply: (parts) => ({
    ...parts,
    ana_state: {
      read: (ns) => READ_ONCE(ns, 'ana_state'),
      write: (ns, ana_state) => WRITE_ONCE(ns, 'ana_state', ana_state),
    },
  }),
};
