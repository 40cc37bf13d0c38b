// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/contract';
import {
  decodeDmAnswer,
  DM,
  DM_NOFLUSH_FLAG,
  DM_SKIP_LOCKFS_FLAG,
  DM_SUSPEND_FLAG,
  dmIoctlNumber,
  encodeDmRequest,
  type DmAnswer,
  type DmRequest,
} from './dm-request.js';

/*
 * The device mapper of a guest, as dmsetup uses it. Every function ends with the GuestErrno of the call that the
 * kernel refused.
 */

const CONTROL = '/dev/mapper/control';
/** An ioctl of the device mapper may wait for requests that are on their way. */
const DM_MS = 60_000;

/** One request for the device of that name. @throws GuestErrno */
export const dmCall = async (
  port: GuestPort,
  name: string,
  command: number,
  what: Omit<DmRequest, 'name'> = {},
): Promise<DmAnswer> => {
  const { fd } = await port.call('open', { path: CONTROL, flags: ['RDWR'] });
  try {
    const hex = encodeDmRequest({ name, ...what });
    const answer = await port.call('ioctl', { fd, request: dmIoctlNumber(command), hex }, { deadlineMs: DM_MS });
    return decodeDmAnswer(answer.hex);
  } finally {
    await port.call('close', { fd });
  }
};

/** A table of one target: of multipath unless said, as long as its paths. */
export interface DmTable {
  readonly sectors: number;
  readonly target?: string;
  readonly params: string;
}

/** `dmsetup reload`, `suspend --noflush`, `resume`: bios that wait go to the new table. @throws GuestErrno */
export const dmReload = async (port: GuestPort, name: string, table: DmTable): Promise<void> => {
  await dmCall(port, name, DM.TABLE_LOAD, { table: { target: 'multipath', ...table } });
  await dmCall(port, name, DM.DEV_SUSPEND, { flags: DM_NOFLUSH_FLAG | DM_SKIP_LOCKFS_FLAG });
};

/** `dmsetup create`: the name of the disk, `dm-0`. @throws GuestErrno */
export const dmCreate = async (port: GuestPort, name: string, table: DmTable): Promise<string> => {
  const { minor } = await dmCall(port, name, DM.DEV_CREATE);
  await dmReload(port, name, table);
  return `dm-${String(minor)}`;
};

/** `dmsetup suspend --noflush`: bios wait until the next {@link dmReload}. @throws GuestErrno */
export const dmSuspend = async (port: GuestPort, name: string): Promise<void> => {
  await dmCall(port, name, DM.DEV_SUSPEND, { flags: DM_SUSPEND_FLAG | DM_NOFLUSH_FLAG | DM_SKIP_LOCKFS_FLAG });
};

/** `dmsetup resume` of the table that was suspended. @throws GuestErrno */
export const dmResume = async (port: GuestPort, name: string): Promise<void> => {
  await dmCall(port, name, DM.DEV_SUSPEND, { flags: DM_NOFLUSH_FLAG | DM_SKIP_LOCKFS_FLAG });
};

/** `dmsetup message NAME 0 …`. @throws GuestErrno */
export const dmMessage = async (port: GuestPort, name: string, message: string): Promise<void> => {
  await dmCall(port, name, DM.TARGET_MSG, { message });
};

/** `dmsetup status NAME`: the text of the target. @throws GuestErrno */
export const dmStatus = async (port: GuestPort, name: string): Promise<string> =>
  (await dmCall(port, name, DM.TABLE_STATUS)).status;

/** `dmsetup remove NAME`. @throws GuestErrno it is in use, or not there */
export const dmRemove = async (port: GuestPort, name: string): Promise<void> => {
  await dmCall(port, name, DM.DEV_REMOVE);
};
