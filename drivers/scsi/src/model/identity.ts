// SPDX-License-Identifier: GPL-2.0-only
import { ascii, toBe } from '../environment/bytes.js';
import type { Identity } from '../environment/hardware/lun-nexus.js';
import type { DesignatorTopology, ScsiPathTopology, ScsiTopology, ScsiUnitTopology } from '../topology.js';
import { unitTypeNumber, tpgsKinds } from '../vocabulary/names.js';

const hexBytes = (text: string): number[] => (text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));

const page = (number: number, body: readonly number[]): readonly number[] => [
  0,
  number,
  ...toBe(body.length, 2),
  ...body,
];

const designator = (first: number, second: number, payload: readonly number[]): readonly number[] => [
  first,
  second,
  0,
  payload.length,
  ...payload,
];

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
const ofPort = (topology: ScsiTopology, { group }: ScsiPathTopology): readonly number[] => {
  if (group === undefined) return [];
  const id = groupNumber(topology, group);
  return [...designator(0x61, 0x94, [0, 0, ...toBe(id, 2)]), ...designator(0x61, 0x95, [0, 0, ...toBe(id, 2)])];
};

/** Number of a group as descriptors have it: 1 for the first of the topology. */
export const groupNumber = (topology: ScsiTopology, name: string): number =>
  topology.groups.findIndex((group) => group.label === name) + 1;

const text = (value: string, length: number): number[] => ascii(value.padEnd(length).slice(0, length));

const standard = ({ type, tpgs }: ScsiUnitTopology): readonly number[] => [
  unitTypeNumber[type],
  0,
  0x05,
  0x12,
  31,
  tpgsKinds.indexOf(tpgs) << 4,
  0,
  0x12,
  ...text('QEMU', 8),
  ...text('QEMU HARDDISK', 16),
  ...text('2.5+', 4),
];

/** What the unit says of itself on a path: standard INQUIRY data, and the pages 0 and 0x83. */
export const identityOf = (topology: ScsiTopology, unit: ScsiUnitTopology, path: ScsiPathTopology): Identity => {
  const designators = (path.ids ?? unit.ids).flatMap(ofUnit);
  const page83 = page(0x83, [...designators, ...ofPort(topology, path)]);
  return {
    inquiry: standard(unit),
    vpd: new Map([
      [0x00, page(0x00, [0x00, 0x83])],
      [0x83, page83],
    ]),
  };
};
