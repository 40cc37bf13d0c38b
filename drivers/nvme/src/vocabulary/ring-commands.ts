// SPDX-License-Identifier: GPL-2.0-only
import { NVME_URING_CMD_IO, nvme_cmd_flush } from '../passthrough/numbers.js';
import { command, UNKNOWN, VENDOR_IO, type Ioctl } from './ioctls.js';

/* struct nvme_uring_cmd has the fields of struct nvme_passthru_cmd in the same places, and 72 bytes as well. */

/** Every command of a ring that the word `ring-command` knows, by name. */
export const ringCommands = {
  flush: command('Flush', NVME_URING_CMD_IO, { opcode: nvme_cmd_flush }),
  'flush-elsewhere': command('Flush of another namespace', NVME_URING_CMD_IO, {
    opcode: nvme_cmd_flush,
    otherNsid: true,
  }),
  'flush-flags': command('Flush with flags', NVME_URING_CMD_IO, { opcode: nvme_cmd_flush, flags: 1 }),
  'vendor-io': command('an I/O command of a vendor', NVME_URING_CMD_IO, { opcode: VENDOR_IO }),
  unknown: command('a command that nobody has', UNKNOWN, { opcode: nvme_cmd_flush }),
} as const satisfies Readonly<Record<string, Ioctl>>;

export type RingCommandName = keyof typeof ringCommands;

// The keys of the object, and it has at least one.
export const ringCommandNames = Object.keys(ringCommands) as [RingCommandName, ...RingCommandName[]];
