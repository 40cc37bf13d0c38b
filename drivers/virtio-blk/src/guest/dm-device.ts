// SPDX-License-Identifier: GPL-2.0-only
import {
  dmCreate,
  dmMessage,
  dmReload,
  dmRemove,
  GuestErrno,
  type DmTable,
  type GuestPort,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';

/** Name of the multipath device in the guest. */
export const DM_NAME = 'mpath';

/** @throws LMP-298 */
const must = async <T>(what: string, call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (cause) {
    if (!(cause instanceof GuestErrno)) throw cause;
    throw errors.fail('LMP-298', { message: `${what}: ${cause.message}`, where: DM_NAME, cause });
  }
};

/** `dmsetup create`: the name of the disk, `dm-0`. @throws LMP-298 */
export const createDevice = (port: GuestPort, table: DmTable): Promise<string> =>
  must(`create ${table.params}`, dmCreate(port, DM_NAME, table));

/** `dmsetup reload`, `suspend --noflush`, `resume`: bios that wait go to the new table. @throws LMP-298 */
export const reloadDevice = (port: GuestPort, table: DmTable): Promise<void> =>
  must(`load ${table.params}`, dmReload(port, DM_NAME, table));

/** `dmsetup message mpath 0 …`. @throws LMP-298 */
export const messageDevice = (port: GuestPort, message: string): Promise<void> =>
  must(`message ${message}`, dmMessage(port, DM_NAME, message));

/** `dmsetup remove`. @throws LMP-298 it is in use */
export const removeDevice = (port: GuestPort): Promise<void> => must('remove', dmRemove(port, DM_NAME));
