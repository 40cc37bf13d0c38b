// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type GuestPort, namesIn, unless } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { ScsiTopology } from '../../topology.js';
import { ATTACH_MS } from '../deadlines.js';
import type { GuestArray } from './array.js';

const DRIVER = '/sys/bus/pseudo/drivers/scsi_debug';
/** Every machine has so many from the beginning, so that their numbers, which page 0x83 shows, are known. */
const HOSTS = 4;

/** Writes a parameter. @throws GuestErrno */
export const setScsiDebug = (port: GuestPort, name: string, value: string): Promise<unknown> =>
  port.call('file.write', { path: `${DRIVER}/${name}`, data: value }, { deadlineMs: ATTACH_MS });

const adapters = async (port: GuestPort): Promise<readonly string[]> =>
  (await namesIn(port, DRIVER)).filter((name) => /^adapter\d+$/.test(name)).toSorted();

/** Number of the SCSI host of an adapter. */
const hostOf = async (port: GuestPort, adapter: string): Promise<number> =>
  Number((await namesIn(port, `${DRIVER}/${adapter}`)).find((name) => /^host\d+$/.test(name))?.slice(4) ?? -1);

/** What the parameters were when the module was loaded, but for one identity behind all hosts, and more units. */
const parameters: readonly (readonly [string, string])[] = [
  ['vpd_use_hostno', '0'],
  ['max_luns', '4'],
  ['opts', '0'],
  ['every_nth', '0'],
  ['virtual_gb', '0'],
];

/**
 * One host of scsi_debug for each host of the topology, in their order; they share one medium and one identity.
 * @throws LMP-261
 */
const prepare = async (port: GuestPort, { hosts, paths }: ScsiTopology): ReturnType<GuestArray['prepare']> => {
  for (const [name, value] of parameters) {
    if ((await attributeOf(port, `${DRIVER}/${name}`)) !== value) await setScsiDebug(port, name, value);
  }
  for (let count = (await adapters(port)).length; count < HOSTS; count++) await setScsiDebug(port, 'add_host', '1');
  const numbers = await Promise.all((await adapters(port)).map((adapter) => hostOf(port, adapter)));
  if (numbers.some((number, index) => number !== index)) {
    throw errors.fail('LMP-261', {
      message: `expected the hosts 0 to ${String(HOSTS - 1)} of scsi_debug, found ${numbers.join(', ')}`,
      where: DRIVER,
      todo: 'boot another machine: an earlier scenario has taken hosts away',
    });
  }
  return new Map(
    paths.map(({ label, host, id, lun }) => {
      const number = hosts.findIndex((one) => one.label === host);
      const address = `${String(number)}:0:${String(id)}:${String(lun)}`;
      return [label, { label, address, host: number, scan: `0 ${String(id)} ${String(lun)}` }];
    }),
  );
};

export const scsiDebugArray = (): GuestArray => ({ prepare });

/** What this kernel's scsi_debug can be told to answer, one device at a time; absent before 6.8. */
export const errorFileOf = (address: string): string => `/sys/kernel/debug/scsi_debug/${address}/error`;

/** Lines of the error file: type, count, opcode and so on; undefined: this kernel has none. */
export const errorLines = async (port: GuestPort, address: string): Promise<readonly string[] | undefined> =>
  (await unless(port.call('file.read', { path: errorFileOf(address) }), 'ENOENT'))?.data
    .split('\n')
    .filter((line) => /^\s*\d/.test(line));
