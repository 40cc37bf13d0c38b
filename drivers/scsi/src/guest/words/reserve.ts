// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { ReserveArgs } from '../../vocabulary/args.js';
import { reservationTypes } from '../../vocabulary/names.js';
import { TRANSFER_MS } from '../deadlines.js';
import { diskOf } from '../devices.js';
import { nexusOf, type ScsiGuestWorld } from '../world.js';

/** Kernel: _IOW('p', 200 + command, 16 or 24 bytes), include/uapi/linux/pr.h. */
const request = (command: number, bytes: number): number => 2 ** 30 + (bytes << 16) + (0x70 << 8) + 200 + command;
const REGISTER = request(0, 24);
const RESERVE = request(1, 16);
const KEY = 0xabcn;

const registration = (): string => {
  const bytes = Buffer.alloc(24);
  bytes.writeBigUInt64LE(KEY, 8);
  return bytes.toString('hex');
};

const reservation = (type: number): string => {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(KEY, 0);
  bytes.writeUInt32LE(type, 8);
  return bytes.toString('hex');
};

/** Registers a key and reserves, on a path's own disk. @throws LMP-260 through a head */
export const guestReserve = async (world: ScsiGuestWorld, { as, on, type }: ReserveArgs): Promise<void> => {
  const { port, session } = world;
  const disk = on === undefined ? undefined : await diskOf(world, nexusOf(world, on));
  if (disk === undefined) {
    throw errors.fail('LMP-260', {
      message: `reserve ${as}: no released kernel has a multipath disk over SCSI`,
      todo: 'reserve `on` a path, or say `needs: [native-multipath]`',
    });
  }
  const { fd } = await port.call('open', { path: `/dev/${disk}`, flags: ['RDWR'] });
  try {
    const one = await port.call('ioctl', { fd, request: REGISTER, hex: registration() }, { deadlineMs: TRANSFER_MS });
    const hex = reservation(reservationTypes[type]);
    const { value } =
      one.value === 0 ? await port.call('ioctl', { fd, request: RESERVE, hex }, { deadlineMs: TRANSFER_MS }) : one;
    session.tries.set(as, value === 0 ? 'ok' : `status ${String(value)}`);
  } catch (error) {
    if (!(error instanceof GuestErrno)) throw error;
    session.tries.set(as, error.errno);
  } finally {
    await port.call('close', { fd });
  }
};
