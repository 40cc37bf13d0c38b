// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_release,
  blkdev_ioctl,
  errno_name,
  file,
  FMODE_READ,
  fput,
  io_uring_submit_cmd,
  io_uring_wait_cqe,
  vfs_ioctl,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { firstNsid } from '../topology.js';
import type { HoldCdevArgs, IoctlArgs, RingArgs } from '../vocabulary/ioctl-args.js';
import { ioctls, ioctlText, type Ioctl } from '../vocabulary/ioctls.js';
import { ringCommands } from '../vocabulary/ring-commands.js';
import { findHead, look } from './disks.js';
import { openHead } from './reads.js';
import { feedLoads } from './streams.js';
import type { NvmeModelWorld } from './world.js';

/** Opens the head's character device. @returns the file or an errno name */
function* openCdev(world: NvmeModelWorld): Steps<file | string> {
  yield* look();
  const disk = findHead(world);
  if (disk === undefined) return 'ENOENT';
  const opened = yield* world.core.mpath.open_chr(disk, FMODE_READ);
  return typeof opened === 'number' ? errno_name(opened) : opened;
}

const openOf = (world: NvmeModelWorld, of: IoctlArgs['of']): Steps<gendisk | file | string> =>
  of === 'head' ? openHead(world) : openCdev(world);

function* send(world: NvmeModelWorld, target: gendisk | file, { command }: IoctlArgs): Steps<string> {
  const { request, argument, gives = {} }: Ioctl = ioctls[command];
  const arg = argument(world.topology.namespaces[0]?.nsid ?? 1);
  const call = target instanceof file ? vfs_ioctl(target, request, arg) : blkdev_ioctl(target, request, arg);
  const value = yield* call;
  if (value < 0) return errno_name(value);
  return ioctlText(value, Object.fromEntries(Object.keys(gives).map((name) => [name, arg?.[name] ?? 0])));
}

/** As root, whose descriptors may do everything. @throws LMP-202 nothing is held under that label */
export function* modelIoctl(world: NvmeModelWorld, args: IoctlArgs): Steps<void> {
  const { session } = world;
  yield* feedLoads(world);
  if (args.through !== undefined) {
    const held = session.holds.get(args.through) ?? session.files.get(args.through);
    if (held === undefined)
      throw errors.fail('LMP-202', { message: `nothing is held as ${args.through}`, todo: 'report this' });
    session.tries.set(args.as, yield* send(world, held, args));
    return;
  }
  const opened = yield* openOf(world, args.of);
  if (typeof opened === 'string') {
    session.tries.set(args.as, opened);
    return;
  }
  session.tries.set(args.as, yield* send(world, opened, args));
  yield* opened instanceof file ? fput(opened) : bdev_release(opened);
}

/** @throws LMP-201 it cannot be opened */
export function* modelHoldCdev(world: NvmeModelWorld, { as }: HoldCdevArgs): Steps<void> {
  yield* feedLoads(world);
  const opened = yield* openCdev(world);
  if (typeof opened === 'string') {
    throw errors.fail('LMP-201', {
      message: `hold-cdev ${as}: the head’s character device cannot be opened: ${opened}`,
      todo: 'attach a controller before',
    });
  }
  world.session.files.set(as, opened);
}

/** @throws LMP-202 no character device is held under that label */
export function* modelRingCommand(world: NvmeModelWorld, { command, as, through }: RingArgs): Steps<void> {
  const { session } = world;
  yield* feedLoads(world);
  const opened = through === undefined ? yield* openCdev(world) : session.files.get(through);
  if (opened === undefined)
    throw errors.fail('LMP-202', { message: `no character device is held as ${String(through)}`, todo: 'report this' });
  if (typeof opened === 'string') {
    session.tries.set(as, opened);
    return;
  }
  const { request, argument }: Ioctl = ringCommands[command];
  const given = argument(firstNsid(world.topology, undefined) ?? 1);
  const result = yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(opened, request, given));
  session.tries.set(as, result < 0 ? errno_name(result) : ioctlText(result, {}));
  if (through === undefined) yield* fput(opened);
}
