// SPDX-License-Identifier: GPL-2.0-only
import { load, store, type Steps } from '@libmultipath/driver-kit';
import type { nvme_ns_base } from './nvme-ns.js';

/** How the ANA state of a path is read and stored: `ns->ana_state`. Readers take no lock. */
export interface AnaStateAccess {
  readonly read: (ns: nvme_ns_base) => Steps<number>;
  readonly write: (ns: nvme_ns_base, ana_state: number) => Steps<void>;
}

/** As every kernel does it. */
export const plain_ana_state: AnaStateAccess = {
  read: (ns) => load(ns, 'ana_state'),
  write: (ns, ana_state) => store(ns, 'ana_state', ana_state),
};
