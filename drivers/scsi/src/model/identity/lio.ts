// SPDX-License-Identifier: GPL-2.0-only
import { ascii } from '../../environment/bytes.js';
import type { Identity } from '../../environment/hardware/lun-nexus.js';
import type { ArrayParts } from '../../environment/parts.js';
import { lioInquiry, lioPage83, supportedPages, vpdPage } from '../../fixtures/vpd-pages.js';
import type { ScsiPathTopology, ScsiTopology, ScsiUnitTopology } from '../../topology.js';
import { lioSerial, lioTarget, LIO_MODEL, tpgsKinds } from '../../vocabulary/names.js';

/** What LIO says of a ramdisk behind tcm_loop: `wwn/vpd_unit_serial` is set, each host is a target of its own. */
export const lioIdentity = (
  topology: ScsiTopology,
  unit: ScsiUnitTopology,
  path: ScsiPathTopology,
  { lioRelativePort }: ArrayParts,
): Identity => {
  const serial = lioSerial(topology.units.findIndex(({ label }) => label === unit.label));
  const host = topology.hosts.findIndex(({ label }) => label === path.host);
  const place = topology.paths.filter((one) => one.unit === path.unit).indexOf(path);
  const ports = topology.paths.filter((one) => one.unit === path.unit).length;
  return {
    inquiry: lioInquiry({ model: LIO_MODEL, tpgs: tpgsKinds.indexOf(unit.tpgs), ports }),
    vpd: new Map([
      [0x00, supportedPages([0x00, 0x80, 0x83, 0x86, 0xb0, 0xb1, 0xb2, 0xb3])],
      [0x80, vpdPage(0x80, [...ascii(serial), 0])],
      [
        0x83,
        lioPage83({
          model: LIO_MODEL,
          serial,
          relativePort: lioRelativePort(place),
          groupId: path.group === undefined ? 0 : topology.groups.findIndex(({ label }) => label === path.group) + 1,
          target: lioTarget(host),
        }),
      ],
    ]),
  };
};
