// SPDX-License-Identifier: GPL-2.0-only
import { ascii, toBe } from '../../environment/bytes.js';
import type { Identity } from '../../environment/hardware/lun-nexus.js';
import { designator, standardInquiry, supportedPages, vpdPage } from '../../fixtures/vpd-pages.js';
import type { DesignatorTopology, ScsiPathTopology, ScsiUnitTopology } from '../../topology.js';
import { serialOf, tpgsKinds, unitTypeNumber } from '../../vocabulary/names.js';

const hexBytes = (text: string): number[] => (text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));

/** Code set, then association with type, then the payload: of the logical unit. */
const ofUnit = (given: DesignatorTopology): readonly number[] => {
  const [[kind, value] = ['vendor', '']] = Object.entries(given);
  switch (kind) {
    case 'naa':
      return designator(0x01, 0x03, hexBytes(value));
    case 'eui':
      return designator(0x01, 0x02, hexBytes(value));
    case 't10':
      return designator(0x02, 0x01, ascii(value));
    case 'name-string':
      return designator(0x03, 0x08, ascii(value));
    default:
      return designator(0x02, 0x00, ascii(value));
  }
};

/** Of the target port: its number, and its group. */
const ofPort = (group: number | undefined): readonly number[] =>
  group === undefined
    ? []
    : [...designator(0x61, 0x94, [0, 0, ...toBe(group, 2)]), ...designator(0x61, 0x95, [0, 0, ...toBe(group, 2)])];

/**
 * What scsi-hd of QEMU says: the serial number, also as a designator of the vendor's, then what identifies it.
 * Beyond what QEMU can say a unit may have other designators, a group and a type: on the model.
 */
export const qemuIdentity = (
  { tpgs, type, ids }: ScsiUnitTopology,
  path: ScsiPathTopology,
  group: number | undefined,
): Identity => {
  const serial = serialOf(path.label);
  const own = (path.ids ?? ids).filter((one) => !('vendor' in one));
  const page83 = [{ vendor: serial }, ...own].flatMap(ofUnit);
  const inquiry = standardInquiry('QEMU', 'QEMU HARDDISK', '2.5+', tpgsKinds.indexOf(tpgs));
  return {
    inquiry: [unitTypeNumber[type], ...inquiry.slice(1)],
    vpd: new Map([
      [0x00, supportedPages([0x00, 0x80, 0x83, 0xb0, 0xb1, 0xb2])],
      [0x80, vpdPage(0x80, ascii(serial))],
      [0x83, vpdPage(0x83, [...page83, ...ofPort(group)])],
    ]),
  };
};
