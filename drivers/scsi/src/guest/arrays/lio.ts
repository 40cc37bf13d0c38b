// SPDX-License-Identifier: GPL-2.0-only
import { type GuestPort, namesIn, unless } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { ScsiGroupTopology, ScsiHostTopology, ScsiTopology, ScsiUnitTopology } from '../../topology.js';
import { accessStateNumber, lioSerial, lioTarget, tpgsKinds } from '../../vocabulary/names.js';
import { ATTACH_MS } from '../deadlines.js';
import type { Nexus } from '../world.js';
import type { GuestArray } from './array.js';

const TARGET = '/sys/kernel/config/target';
const LOOPBACK = `${TARGET}/loopback`;
const HBA = `${TARGET}/core/rd_mcp_0`;
const PAGES_PER_MIB = 256;
/** tcm_loop says that a target has no units (max_lun is 0), so that one cannot be asked for: all are looked for. */
const SCAN = '0 1 -';

const backstore = (unit: string): string => `${HBA}/${unit}`;
/** Directory of a target port group of a unit. */
export const groupDir = (unit: string, group: string): string => `${backstore(unit)}/alua/${group}`;
/** Directory of the target port group of tcm_loop, of all units, that a host leads to. */
export const portalDir = ({ hosts }: ScsiTopology, host: string): string =>
  `${LOOPBACK}/${lioTarget(hosts.findIndex(({ label }) => label === host))}/tpgt_1`;

/** Writes an attribute of configfs. @throws GuestErrno */
export const setLio = (port: GuestPort, path: string, data: string): Promise<unknown> =>
  port.call('file.write', { path, data }, { deadlineMs: ATTACH_MS });

const make = (port: GuestPort, path: string): Promise<unknown> =>
  unless(port.call('dir.make', { path }, { deadlineMs: ATTACH_MS }), 'EEXIST');
const remove = (port: GuestPort, path: string): Promise<unknown> =>
  unless(port.call('dir.remove', { path }, { deadlineMs: ATTACH_MS }), 'ENOENT');

/** Names below a directory that somebody made: configfs has attributes beside them. */
const made = async (port: GuestPort, path: string, pattern: RegExp): Promise<readonly string[]> =>
  (await namesIn(port, path)).filter((name) => pattern.test(name));

/** Every group may be asked again. */
const makeUsable = async (port: GuestPort, unit: string): Promise<void> => {
  for (const group of await namesIn(port, `${HBA}/${unit}/alua`)) {
    await setLio(port, `${groupDir(unit, group)}/alua_access_type`, '1');
    await setLio(port, `${groupDir(unit, group)}/alua_access_state`, '0');
  }
};

/** A unit that nobody has found cannot be taken from a target: tcm_loop then counts it for ever. */
const findAgain = async (port: GuestPort, portal: string): Promise<void> => {
  if ((await unless(setLio(port, `${portal}/transport_status`, 'online'), 'ENOENT')) === undefined) return;
  const { data } = await port.call('file.read', { path: `${portal}/address` });
  const path = `/sys/class/scsi_host/host${data.split(':', 1)[0] ?? ''}/scan`;
  await port.call('file.write', { path, data: SCAN }, { deadlineMs: ATTACH_MS });
};

/** Takes away whatever an earlier scenario has made, from the outside in. */
const clear = async (port: GuestPort): Promise<void> => {
  const attributes = /^(?:hba_info|hba_mode)$/;
  const units = (await namesIn(port, HBA)).filter((name) => !attributes.test(name));
  for (const unit of units) await makeUsable(port, unit);
  for (const wwn of await made(port, LOOPBACK, /^naa\./)) {
    const portal = `${LOOPBACK}/${wwn}/tpgt_1`;
    await findAgain(port, portal);
    for (const lun of await made(port, `${portal}/lun`, /^lun_/)) {
      await unless(
        port.call('link.remove', { path: `${portal}/lun/${lun}/port` }, { deadlineMs: ATTACH_MS }),
        'ENOENT',
      );
      await remove(port, `${portal}/lun/${lun}`);
    }
    // A nexus that is there is given up by name.
    await unless(setLio(port, `${portal}/nexus`, 'NULL\n'), 'ENOENT', 'ENODEV', 'EINVAL');
    await remove(port, portal);
    await remove(port, `${LOOPBACK}/${wwn}`);
  }
  for (const unit of units) {
    for (const group of await namesIn(port, `${HBA}/${unit}/alua`)) {
      if (group !== 'default_tg_pt_gp') await remove(port, groupDir(unit, group));
    }
    await remove(port, `${HBA}/${unit}`);
  }
};

const makeGroup = async (
  port: GuestPort,
  unit: ScsiUnitTopology,
  { label, state, preferred }: ScsiGroupTopology,
  id: number,
): Promise<void> => {
  const dir = groupDir(unit.label, label);
  await make(port, dir);
  await setLio(port, `${dir}/tg_pt_gp_id`, String(id));
  await setLio(port, `${dir}/nonop_delay_msecs`, '0');
  await setLio(port, `${dir}/implicit_trans_secs`, String(unit.transitionSeconds));
  await setLio(port, `${dir}/preferred`, preferred ? '1' : '0');
  // The state can be written as long as implicit changes are allowed.
  await setLio(port, `${dir}/alua_access_type`, '1');
  if (state !== 'active/optimized') await setLio(port, `${dir}/alua_access_state`, String(accessStateNumber(state)));
  await setLio(port, `${dir}/alua_access_type`, String(tpgsKinds.indexOf(unit.tpgs)));
};

const makeUnit = async (port: GuestPort, topology: ScsiTopology, unit: ScsiUnitTopology, index: number) => {
  const dir = backstore(unit.label);
  await make(port, HBA);
  await make(port, dir);
  await setLio(port, `${dir}/control`, `rd_pages=${String(unit.sizeMiB * PAGES_PER_MIB)}`);
  await setLio(port, `${dir}/wwn/vpd_unit_serial`, lioSerial(index));
  await setLio(port, `${dir}/enable`, '1');
  await setLio(port, `${dir}/alua/default_tg_pt_gp/alua_access_type`, String(tpgsKinds.indexOf(unit.tpgs)));
  for (const [at, group] of topology.groups.entries()) {
    const isUsed = topology.paths.some((path) => path.unit === unit.label && path.group === group.label);
    if (isUsed) await makeGroup(port, unit, group, at + 1);
  }
};

/** A target of its own for each host, and a way in. @returns number of the SCSI host */
const makeHost = async (port: GuestPort, topology: ScsiTopology, host: ScsiHostTopology, index: number) => {
  const portal = portalDir(topology, host.label);
  await make(port, LOOPBACK);
  await make(port, portal.replace(/\/tpgt_1$/, ''));
  await make(port, portal);
  await setLio(port, `${portal}/nexus`, `naa.600140500000001${String(index + 1)}`);
  const { data } = await port.call('file.read', { path: `${portal}/address` });
  return Number(data.split(':', 1)[0]);
};

/** @throws LMP-261 */
const prepare = async (port: GuestPort, topology: ScsiTopology): ReturnType<GuestArray['prepare']> => {
  try {
    await clear(port);
    for (const [index, unit] of topology.units.entries()) await makeUnit(port, topology, unit, index);
    const numbers = new Map<string, number>();
    for (const [index, host] of topology.hosts.entries()) {
      numbers.set(host.label, await makeHost(port, topology, host, index));
    }
    const nexuses = new Map<string, Nexus>();
    for (const { label, unit, host, lun, group } of topology.paths) {
      const dir = `${portalDir(topology, host)}/lun/lun_${String(lun)}`;
      await make(port, dir);
      await port.call('link.make', { target: backstore(unit), path: `${dir}/port` }, { deadlineMs: ATTACH_MS });
      if (group !== undefined) await setLio(port, `${dir}/alua_tg_pt_gp`, group);
      const number = numbers.get(host) ?? -1;
      nexuses.set(label, { label, address: `${String(number)}:0:1:${String(lun)}`, host: number, scan: SCAN });
    }
    return nexuses;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw errors.fail('LMP-261', { message: `LIO cannot be set up: ${why}`, where: TARGET, cause });
  }
};

/** Ramdisks of LIO behind tcm_loop. */
export const lioArray = (): GuestArray => ({ prepare });
