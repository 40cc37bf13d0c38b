// SPDX-License-Identifier: GPL-2.0-only
import { KObject, rcu_head } from '@libmultipath/driver-kit';
import type { VpdPage } from './vpd-walk.js';

/** Kernel: struct scsi_vpd. Never changed once it is made; freed a grace period after it was replaced. */
export class scsi_vpd extends KObject implements VpdPage {
  readonly rcu = new rcu_head(this);

  constructor(
    readonly len: number,
    readonly data: readonly number[],
  ) {
    super();
  }
}
