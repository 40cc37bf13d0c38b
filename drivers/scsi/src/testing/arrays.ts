// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/driver-kit';
import { scsi_add_host, scsi_scan_lun } from '../environment/add-host.js';
import { LogicalUnit, type LogicalUnitOptions } from '../environment/hardware/logical-unit.js';
import { LunNexus } from '../environment/hardware/lun-nexus.js';
import { TargetPortGroup } from '../environment/hardware/port-group-state.js';
import type { scsi_core } from '../environment/scsi-core.js';
import type { scsi_device } from '../environment/scsi-device.js';
import type { Scsi_Host } from '../environment/scsi-host.js';
import {
  lioPage83,
  qemuPage83,
  scsiDebugGroup,
  scsiDebugPage83,
  standardInquiry,
  supportedPages,
} from '../fixtures/vpd-pages.js';

export const SECTORS = 65_536;
const SERIAL = '0123456789abcdef0123456789';
export const LIO_KEY = 'naa.60014050123456789abcdef012345678';

const pages = (page83: readonly number[]): ReadonlyMap<number, readonly number[]> =>
  new Map([
    [0x00, supportedPages([0x00, 0x83])],
    [0x83, page83],
  ]);

/** A disk as QEMU has it, on a path of its own. */
export const qemuNexus = (unit: LogicalUnit, wwn = '5000000000000001'): LunNexus =>
  new LunNexus(unit, undefined, {
    inquiry: standardInquiry('QEMU', 'QEMU HARDDISK', '2.5+'),
    vpd: pages(qemuPage83({ deviceId: 'drive0', wwn })),
  });

/** The same without `wwn`: nothing in page 0x83 that identifies it. */
export const unidentifiedNexus = (unit: LogicalUnit): LunNexus => {
  const nexus = qemuNexus(unit);
  nexus.identity = { ...nexus.identity, vpd: pages(qemuPage83({ deviceId: 'drive0' })) };
  return nexus;
};

/** A unit without ALUA. */
export const plainUnit = (): LogicalUnit => new LogicalUnit([], { capacitySectors: SECTORS });

/** One unit of LIO behind a path in each of the groups 1 … n, each with its access state. */
export const lioPaths = (states: readonly number[], options: Partial<LogicalUnitOptions> = {}): LunNexus[] => {
  const groups = states.map((state, i) => new TargetPortGroup(i + 1, { state }));
  const tpgs = options.tpgs ?? 1;
  const unit = new LogicalUnit(groups, {
    capacitySectors: SECTORS,
    enforces: true,
    extendedHeader: true,
    ...options,
    tpgs,
  });
  return groups.map(({ id }) => {
    const page83 = lioPage83({
      serial: SERIAL,
      relativePort: id,
      groupId: id,
      target: `naa.600140500000000${String(id)}`,
    });
    return new LunNexus(unit, id, { inquiry: standardInquiry('LIO-ORG', 'fileio_0', '4.0', tpgs), vpd: pages(page83) });
  });
};

/** Hosts of scsi_debug with `vpd_use_hostno=0`: one identity; the state of each is its number modulo 3. */
export const scsiDebugPaths = (hosts: number): LunNexus[] => {
  const numbers = Array.from({ length: hosts }, (_, hostNo) => hostNo);
  const groups = numbers.flatMap((hostNo) => [
    new TargetPortGroup(scsiDebugGroup(hostNo), { state: hostNo % 3, supported: 0x0f, ports: [1] }),
    new TargetPortGroup(scsiDebugGroup(hostNo) + 0x80, { state: 3, supported: 0x08, ports: [2] }),
  ]);
  const unit = new LogicalUnit(groups, { capacitySectors: SECTORS, tpgs: 1 });
  return numbers.map((hostNo) => {
    const page83 = scsiDebugPage83({ hostNo, useHostNo: 0 });
    const inquiry = standardInquiry('Linux', 'scsi_debug', '0191', 1);
    return new LunNexus(unit, scsiDebugGroup(hostNo), { inquiry, vpd: pages(page83) });
  });
};

/** The first of the paths. */
export const firstOf = ([first]: readonly LunNexus[]): LunNexus => {
  if (first === undefined) throw new Error('no path');
  return first;
};

export interface Attached {
  readonly shost: Scsi_Host;
  readonly sdev: scsi_device;
}

/** A host with the unit at 0:0:0. */
export function* attach(core: scsi_core, nexus: LunNexus): Steps<Attached> {
  const shost = yield* scsi_add_host(core);
  const sdev = yield* scsi_scan_lun(shost, { channel: 0, id: 0, lun: 0, nexus });
  if (sdev === null) throw new Error('no device');
  return { shost, sdev };
}
