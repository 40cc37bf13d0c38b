// SPDX-License-Identifier: GPL-2.0-only
import { E } from '@libmultipath/driver-kit';
import { be16 } from './bytes.js';
import { DESIGNATOR_PORT_GROUP, DESIGNATOR_RELATIVE_PORT } from './vpd-rank.js';
import { DESIGNATOR_HEADER, designatorsOf, readsBeyond, type VpdPage } from './vpd-walk.js';

/** Both designators have their number at the end of these. */
const NUMBER_END = 8;

export interface PortGroupId {
  /** Target port group, or -errno: -ENXIO no page, -EAGAIN no such designator. */
  readonly groupId: number;
  /** Relative target port; -1 when the page has none. */
  readonly relPort: number;
  readonly outOfBounds: boolean;
}

/**
 * Neither association nor length is looked at; the last of each type wins.
 * Kernel: scsi_vpd_tpg_id(), all versions. Pure.
 */
export const vpdTpgId = (page: VpdPage | null): PortGroupId => {
  if (page === null) return { groupId: -E.ENXIO, relPort: -1, outOfBounds: false };
  let groupId: number = -E.EAGAIN;
  let relPort = -1;
  let outOfBounds = false;
  for (const one of designatorsOf(page)) {
    const isPort = one.type === DESIGNATOR_RELATIVE_PORT;
    const isGroup = one.type === DESIGNATOR_PORT_GROUP;
    outOfBounds ||= readsBeyond(page, one, isPort || isGroup ? NUMBER_END : DESIGNATOR_HEADER);
    const number = be16(page.data, one.at + 6);
    if (isPort) relPort = number;
    if (isGroup) groupId = number;
  }
  return { groupId, relPort: groupId >= 0 ? relPort : -1, outOfBounds };
};
