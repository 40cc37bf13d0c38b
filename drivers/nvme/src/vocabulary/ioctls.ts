// SPDX-License-Identifier: GPL-2.0-only
import {
  BLKFLSBUF,
  BLKRRPART,
  HDIO_GETGEO,
  IOC_PR_CLEAR,
  IOC_PR_PREEMPT,
  IOC_PR_READ_KEYS,
  IOC_PR_READ_RESERVATION,
  IOC_PR_REGISTER,
  IOC_PR_RELEASE,
  IOC_PR_RESERVE,
} from '@libmultipath/driver-kit';
import {
  NVME_IOCTL_ADMIN64_CMD,
  NVME_IOCTL_ADMIN_CMD,
  NVME_IOCTL_ID,
  NVME_IOCTL_IO64_CMD,
  NVME_IOCTL_IO_CMD,
  NVME_IOCTL_SUBMIT_IO,
  nvme_admin_set_features,
  nvme_cmd_flush,
} from '../passthrough/numbers.js';

/** A field of a structure in user space, little endian: how many bytes, and what is in them. */
type Field = readonly [bytes: 1 | 2 | 4 | 8, value: number];

/** One ioctl as both worlds send it. */
export interface Ioctl {
  readonly doc: string;
  readonly request: number;
  /** The argument in the guest's memory. */
  readonly fields: (nsid: number) => readonly Field[];
  /** The argument in the model. */
  readonly argument: (nsid: number) => Record<string, number> | null;
  /** Bytes that the kernel gives back: name → offset and length. */
  readonly gives?: Readonly<Record<string, readonly [offset: number, bytes: 1 | 2 | 4 | 8]>>;
}

interface Command {
  readonly opcode: number;
  readonly flags?: number;
  readonly cdw10?: number;
  /** Another namespace than the one that is asked. */
  readonly otherNsid?: boolean;
}

const GETFEATURES = 0x0a;
const NUMBER_OF_QUEUES = 0x07;
export const VENDOR_IO = 0x9c;
const VENDOR_ADMIN = 0xdc;
/** Of the NVMe ioctls, and of no other. */
export const UNKNOWN = 0x4e7f;

/** struct nvme_passthru_cmd, of 72 bytes, and struct nvme_passthru_cmd64, of 80. */
export const command = (doc: string, request: number, { opcode, flags = 0, cdw10 = 0, otherNsid }: Command): Ioctl => {
  const isLong = request === NVME_IOCTL_IO64_CMD || request === NVME_IOCTL_ADMIN64_CMD;
  const isAdmin = request === NVME_IOCTL_ADMIN_CMD || request === NVME_IOCTL_ADMIN64_CMD;
  const to = (nsid: number): number => (isAdmin ? 0 : otherNsid === true ? nsid + 1 : nsid);
  return {
    doc,
    request,
    fields: (nsid) => [
      [1, opcode],
      [1, flags],
      [2, 0],
      [4, to(nsid)],
      [8, 0],
      [8, 0],
      [8, 0],
      [4, 0],
      [4, 0],
      [4, cdw10],
      [4, 0],
      [8, 0],
      [8, 0],
      [4, 0],
      ...(isLong
        ? ([
            [4, 0],
            [8, 0],
          ] as const)
        : ([[4, 0]] as const)),
    ],
    argument: (nsid) => ({ opcode, flags, nsid: to(nsid), cdw10 }),
  };
};

const plain = (doc: string, request: number): Ioctl => ({
  doc,
  request,
  fields: () => [],
  argument: () => null,
});

/** Structures of include/uapi/linux/pr.h, whose fields have the model's names. */
const reservation = (doc: string, request: number, ...named: readonly (readonly [string, 4 | 8, number])[]): Ioctl => ({
  doc,
  request,
  fields: () => named.map(([, bytes, value]) => [bytes, value]),
  argument: () => Object.fromEntries(named.map(([name, , value]) => [name, value])),
});

const KEY = 0x1234;
const WRITE_EXCLUSIVE = 1;
const key = ['key', 8, KEY] as const;
const type = ['type', 4, WRITE_EXCLUSIVE] as const;
const flags = ['flags', 4, 0] as const;

/** Every ioctl that the word `ioctl` knows, by name. */
export const ioctls = {
  id: plain('NVME_IOCTL_ID', NVME_IOCTL_ID),
  unknown: plain('a number that is no ioctl of NVMe', UNKNOWN),
  flush: command('NVME_IOCTL_IO_CMD with a flush', NVME_IOCTL_IO_CMD, { opcode: nvme_cmd_flush }),
  flush64: command('NVME_IOCTL_IO64_CMD with a flush', NVME_IOCTL_IO64_CMD, { opcode: nvme_cmd_flush }),
  'flush-elsewhere': command('a flush for another namespace', NVME_IOCTL_IO_CMD, {
    opcode: nvme_cmd_flush,
    otherNsid: true,
  }),
  'flush-flags': command('a flush with flags, which must be 0', NVME_IOCTL_IO_CMD, {
    opcode: nvme_cmd_flush,
    flags: 1,
  }),
  'vendor-io': command('an I/O command that the device does not know', NVME_IOCTL_IO_CMD, { opcode: VENDOR_IO }),
  'submit-flush': {
    doc: 'NVME_IOCTL_SUBMIT_IO with a flush, which it does not take',
    request: NVME_IOCTL_SUBMIT_IO,
    fields: () => [
      [8, nvme_cmd_flush],
      [8, 0],
      [8, 0],
      [8, 0],
      [8, 0],
      [8, 0],
    ],
    argument: () => ({ opcode: nvme_cmd_flush }),
  },
  'get-features': command('NVME_IOCTL_ADMIN_CMD with Get Features', NVME_IOCTL_ADMIN_CMD, {
    opcode: GETFEATURES,
    cdw10: NUMBER_OF_QUEUES,
  }),
  'get-features64': command('NVME_IOCTL_ADMIN64_CMD with Get Features', NVME_IOCTL_ADMIN64_CMD, {
    opcode: GETFEATURES,
    cdw10: NUMBER_OF_QUEUES,
  }),
  'vendor-admin': command('an admin command that the device does not know', NVME_IOCTL_ADMIN_CMD, {
    opcode: VENDOR_ADMIN,
  }),
  'admin-flags': command('an admin command with flags', NVME_IOCTL_ADMIN_CMD, { opcode: GETFEATURES, flags: 1 }),
  'set-queues': command('Set Features with the number of queues, which the driver sets', NVME_IOCTL_ADMIN_CMD, {
    opcode: nvme_admin_set_features,
    cdw10: NUMBER_OF_QUEUES,
  }),
  geometry: {
    doc: 'HDIO_GETGEO',
    request: HDIO_GETGEO,
    fields: () => [
      [8, 0],
      [8, 0],
    ],
    argument: () => ({}),
    gives: { heads: [0, 1], sectors: [1, 1], cylinders: [2, 2] },
  },
  'flush-buffers': plain('BLKFLSBUF', BLKFLSBUF),
  'read-partitions': plain('BLKRRPART', BLKRRPART),
  'pr-register': reservation('IOC_PR_REGISTER', IOC_PR_REGISTER, ['old_key', 8, 0], ['new_key', 8, KEY], flags, [
    'pad',
    4,
    0,
  ]),
  'pr-register-flags': reservation(
    'IOC_PR_REGISTER with a flag that there is not',
    IOC_PR_REGISTER,
    ['old_key', 8, 0],
    ['new_key', 8, KEY],
    ['flags', 4, 2],
    ['pad', 4, 0],
  ),
  'pr-reserve': reservation('IOC_PR_RESERVE', IOC_PR_RESERVE, key, type, flags),
  'pr-release': reservation('IOC_PR_RELEASE', IOC_PR_RELEASE, key, type, flags),
  'pr-release-flags': reservation('IOC_PR_RELEASE with a flag', IOC_PR_RELEASE, key, type, ['flags', 4, 1]),
  'pr-preempt': reservation('IOC_PR_PREEMPT', IOC_PR_PREEMPT, ['old_key', 8, KEY], ['new_key', 8, KEY], type, flags),
  'pr-clear': reservation('IOC_PR_CLEAR', IOC_PR_CLEAR, key, flags, ['pad', 4, 0]),
  'pr-keys': reservation(
    'IOC_PR_READ_KEYS',
    IOC_PR_READ_KEYS,
    ['generation', 4, 0],
    ['num_keys', 4, 0],
    ['keys_ptr', 8, 0],
  ),
  'pr-held': reservation('IOC_PR_READ_RESERVATION', IOC_PR_READ_RESERVATION, ['key', 8, 0], ['generation', 4, 0], type),
} as const satisfies Readonly<Record<string, Ioctl>>;

export type IoctlName = keyof typeof ioctls;

/** Names, for the schema. */
export const ioctlNames = Object.keys(ioctls) as [IoctlName, ...IoctlName[]]; // Object.keys() gives string[].

/** What the caller sees: `ok` with what was given back, a status of the device or a number in hexadecimal. Pure. */
export const ioctlText = (value: number, given: Readonly<Record<string, number>>): string => {
  const parts = Object.entries(given).map(([name, one]) => `${name} ${String(one)}`);
  return [value === 0 ? 'ok' : `0x${value.toString(16)}`, ...parts].join(', ');
};
