// SPDX-License-Identifier: GPL-2.0-only
import { ascii } from '../../environment/bytes.js';
import type { Identity } from '../../environment/hardware/lun-nexus.js';
import type { ArrayParts } from '../../environment/parts.js';
import {
  scsiDebugInquiry,
  scsiDebugPage83,
  scsiDebugUnit,
  supportedPages,
  vpdPage,
  type ScsiDebugDisk,
} from '../../fixtures/vpd-pages.js';

/** What scsi_debug says with `vpd_use_hostno=0`: the same of a unit on every host, but for the port group. */
export const scsiDebugIdentity = (
  place: Omit<ScsiDebugDisk, 'useHostNo'>,
  { scsiDebugPages }: ArrayParts,
): Identity => {
  const disk: ScsiDebugDisk = { ...place, useHostNo: 0 };
  return {
    inquiry: scsiDebugInquiry(disk),
    vpd: new Map([
      [0x00, supportedPages(scsiDebugPages)],
      [0x80, vpdPage(0x80, ascii(String(scsiDebugUnit(disk))))],
      [0x83, scsiDebugPage83(disk)],
    ]),
  };
};
