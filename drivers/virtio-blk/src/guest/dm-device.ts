// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestPort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { TRANSFER_MS } from './deadlines.js';
import {
  decodeDmAnswer,
  DM,
  DM_NOFLUSH_FLAG,
  DM_SKIP_LOCKFS_FLAG,
  dmIoctlNumber,
  encodeDmRequest,
  type DmAnswer,
  type DmRequest,
} from './dm-request.js';

/** Name of the multipath device in the guest. */
export const DM_NAME = 'mpath';
const CONTROL = '/dev/mapper/control';

/** One request to the device mapper. @throws GuestErrno */
const request = async (port: GuestPort, command: number, what: Omit<DmRequest, 'name'> = {}): Promise<DmAnswer> => {
  const { fd } = await port.call('open', { path: CONTROL, flags: ['RDWR'] });
  try {
    const hex = encodeDmRequest({ name: DM_NAME, ...what });
    const answer = await port.call('ioctl', { fd, request: dmIoctlNumber(command), hex }, { deadlineMs: TRANSFER_MS });
    return decodeDmAnswer(answer.hex);
  } finally {
    await port.call('close', { fd });
  }
};

/** @throws LMP-298 */
const must = async <T>(what: string, call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (cause) {
    if (!(cause instanceof GuestErrno)) throw cause;
    throw errors.fail('LMP-298', { message: `${what}: ${cause.message}`, where: CONTROL, cause });
  }
};

/** A table for multipath: as long as its paths. */
export interface MultipathTable {
  readonly sectors: number;
  readonly params: string;
}

/** `dmsetup create`: the name of the disk, `dm-0`. @throws LMP-298 */
export const createDevice = async (port: GuestPort, table: MultipathTable): Promise<string> => {
  const { minor } = await must('create', request(port, DM.DEV_CREATE));
  await reloadDevice(port, table);
  return `dm-${minor}`;
};

/** `dmsetup reload`, `suspend --noflush`, `resume`: bios that wait go to the new table. @throws LMP-298 */
export const reloadDevice = async (port: GuestPort, { sectors, params }: MultipathTable): Promise<void> => {
  await must(`load ${params}`, request(port, DM.TABLE_LOAD, { table: { sectors, target: 'multipath', params } }));
  await must('resume', request(port, DM.DEV_SUSPEND, { flags: DM_NOFLUSH_FLAG | DM_SKIP_LOCKFS_FLAG }));
};

/** `dmsetup message mpath 0 …`. @throws LMP-298 */
export const messageDevice = async (port: GuestPort, message: string): Promise<void> => {
  await must(`message ${message}`, request(port, DM.TARGET_MSG, { message }));
};

/** `dmsetup remove`. @throws LMP-298 it is in use */
export const removeDevice = async (port: GuestPort): Promise<void> => {
  await must('remove', request(port, DM.DEV_REMOVE));
};
