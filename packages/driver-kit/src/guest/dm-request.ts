// SPDX-License-Identifier: GPL-2.0-only

/*
 * Requests of the device mapper, as bytes. Kernel: include/uapi/linux/dm-ioctl.h, interface 4, all versions
 * here. Little endian, as the guest is.
 */

/** What a request does: its number among the ioctls of type 0xfd. */
export const DM = {
  DEV_CREATE: 3,
  DEV_REMOVE: 4,
  DEV_SUSPEND: 6,
  TABLE_LOAD: 9,
  TABLE_STATUS: 12,
  TARGET_MSG: 14,
} as const;

export const DM_SUSPEND_FLAG = 1 << 1;
export const DM_SKIP_LOCKFS_FLAG = 1 << 10;
export const DM_NOFLUSH_FLAG = 1 << 11;

/** Size of struct dm_ioctl, and offsets in it. */
const HEAD_BYTES = 312;
const DATA_SIZE = 12;
const DATA_START = 16;
const TARGET_COUNT = 20;
const FLAGS = 28;
const DEV = 40;
const NAME = 48;
/** Room for the answer. */
const BUFFER_BYTES = 16_384;

/** Kernel: _IOWR(0xfd, command, struct dm_ioctl). */
export const dmIoctlNumber = (command: number): number => 3 * 2 ** 30 + (HEAD_BYTES << 16) + (0xfd << 8) + command;

export interface DmRequest {
  /** Of the device. */
  readonly name: string;
  readonly flags?: number;
  /** One target: sectors and parameters of its table. */
  readonly table?: { readonly sectors: number; readonly target: string; readonly params: string };
  /** For the target at sector 0. */
  readonly message?: string;
}

/** The request as the agent takes it: hex. Pure. */
export const encodeDmRequest = ({ name, flags = 0, table, message }: DmRequest): string => {
  const bytes = Buffer.alloc(BUFFER_BYTES);
  bytes.writeUInt32LE(4, 0);
  bytes.writeUInt32LE(BUFFER_BYTES, DATA_SIZE);
  bytes.writeUInt32LE(HEAD_BYTES, DATA_START);
  bytes.writeUInt32LE(table === undefined ? 0 : 1, TARGET_COUNT);
  bytes.writeUInt32LE(flags, FLAGS);
  bytes.write(name, NAME, 'latin1');
  if (table !== undefined) {
    // struct dm_target_spec: start, length, status, next, type; the parameters follow it.
    bytes.writeBigUInt64LE(BigInt(table.sectors), HEAD_BYTES + 8);
    bytes.write(table.target, HEAD_BYTES + 24, 'latin1');
    bytes.write(table.params, HEAD_BYTES + 40, 'latin1');
  }
  // struct dm_target_msg: sector, text.
  if (message !== undefined) bytes.write(message, HEAD_BYTES + 8, 'latin1');
  return bytes.toString('hex');
};

export interface DmAnswer {
  readonly minor: number;
  /** Text of the first target's status. */
  readonly status: string;
}

/** Pure. */
export const decodeDmAnswer = (hex: string): DmAnswer => {
  const bytes = Buffer.from(hex, 'hex');
  const dev = Number(bytes.readBigUInt64LE(DEV));
  // Kernel: huge_encode_dev().
  const minor = (dev & 0xff) | ((dev >>> 12) & 0xfff00);
  const start = bytes.readUInt32LE(DATA_START) + 40;
  const end = bytes.indexOf(0, start);
  return { minor, status: bytes.toString('latin1', start, end < 0 ? undefined : end) };
};
