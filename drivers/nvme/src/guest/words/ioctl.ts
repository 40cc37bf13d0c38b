// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { firstNsid } from '../../topology.js';
import type { HoldCdevArgs, IoctlArgs, RingArgs } from '../../vocabulary/ioctl-args.js';
import { ioctls, ioctlText, type Ioctl } from '../../vocabulary/ioctls.js';
import { ringCommands } from '../../vocabulary/ring-commands.js';
import { TRANSFER_MS } from '../deadlines.js';
import { findHead } from '../disks.js';
import type { NvmeGuestWorld } from '../world.js';

const BYTE = 256;

/** Little endian, as hexadecimal text. Pure. */
export const bytesOf = (fields: ReturnType<Ioctl['fields']>): string =>
  fields
    .map(([bytes, value]) =>
      Array.from({ length: bytes }, (_, at) => Math.floor(value / BYTE ** at) % BYTE)
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join(''),
    )
    .join('');

/** Numbers out of what came back. Pure. */
export const numbersIn = (hex: string, gives: Ioctl['gives'] = {}): Record<string, number> =>
  Object.fromEntries(
    Object.entries(gives).map(([name, [offset, bytes]]) => {
      const own = hex.slice(2 * offset, 2 * (offset + bytes)).match(/../g) ?? [];
      return [name, own.reduceRight((sum, byte) => sum * BYTE + Number.parseInt(byte, 16), 0)];
    }),
  );

/** A descriptor of the head's block device or character device, or the errno name. */
const open = async (world: NvmeGuestWorld, of: IoctlArgs['of']): Promise<{ fd: number } | { errno: string }> => {
  const head = await findHead(world);
  if (head === undefined) return { errno: 'ENOENT' };
  const path = of === 'head' ? `/dev/${head.name}` : `/dev/ng${String(head.subsystem)}n${String(head.instance)}`;
  try {
    return await world.port.call('open', { path, flags: ['RDONLY'] });
  } catch (error) {
    if (error instanceof GuestErrno) return { errno: error.errno };
    throw error;
  }
};

const send = async (world: NvmeGuestWorld, fd: number, { command }: IoctlArgs): Promise<string> => {
  const { request, fields, gives }: Ioctl = ioctls[command];
  const args = { fd, request, hex: bytesOf(fields(world.topology.namespaces[0]?.nsid ?? 1)) };
  try {
    const { value, hex } = await world.port.call('ioctl', args, { deadlineMs: TRANSFER_MS });
    return ioctlText(value, numbersIn(hex, gives));
  } catch (error) {
    if (error instanceof GuestErrno) return error.errno;
    throw error;
  }
};

/** Keeps `ok`, the errno name or what came back under `as`, for `result-of`. @throws LMP-231 */
export const guestIoctl = async (world: NvmeGuestWorld, args: IoctlArgs): Promise<void> => {
  const { port, session } = world;
  if (args.through !== undefined) {
    const fd = session.holds.get(args.through);
    if (fd === undefined)
      throw errors.fail('LMP-231', { message: `no descriptor is held as ${args.through}`, where: `ioctl ${args.as}` });
    session.tries.set(args.as, await send(world, fd, args));
    return;
  }
  const opened = await open(world, args.of);
  if ('errno' in opened) {
    session.tries.set(args.as, opened.errno);
    return;
  }
  try {
    session.tries.set(args.as, await send(world, opened.fd, args));
  } finally {
    await port.call('close', { fd: opened.fd });
  }
};

/** @throws LMP-227 there is none to open */
export const guestHoldCdev = async (world: NvmeGuestWorld, { as }: HoldCdevArgs): Promise<void> => {
  const opened = await open(world, 'cdev');
  if ('errno' in opened) {
    throw errors.fail('LMP-227', {
      message: `the head’s character device cannot be opened: ${opened.errno}`,
      where: `hold-cdev ${as}`,
    });
  }
  world.session.holds.set(as, opened.fd);
};

/** As {@link guestIoctl}, through a ring. @throws LMP-231 */
export const guestRingCommand = async (world: NvmeGuestWorld, { command, as, through }: RingArgs): Promise<void> => {
  const { port, session } = world;
  const held = through === undefined ? undefined : session.holds.get(through);
  if (through !== undefined && held === undefined)
    throw errors.fail('LMP-231', { message: `no descriptor is held as ${through}`, where: `ring-command ${as}` });
  const opened = held === undefined ? await open(world, 'cdev') : { fd: held };
  if ('errno' in opened) {
    session.tries.set(as, opened.errno);
    return;
  }
  const { request, fields }: Ioctl = ringCommands[command];
  const args = { fd: opened.fd, request, hex: bytesOf(fields(firstNsid(world.topology, undefined) ?? 1)) };
  try {
    const { value } = await port.call('ring.command', args, { deadlineMs: TRANSFER_MS });
    session.tries.set(as, ioctlText(value, {}));
  } catch (error) {
    if (!(error instanceof GuestErrno)) throw error;
    session.tries.set(as, error.errno);
  } finally {
    if (held === undefined) await port.call('close', { fd: opened.fd });
  }
};
