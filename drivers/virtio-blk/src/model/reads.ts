// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_release,
  complete_all,
  currentMachine,
  REQ_OP_READ,
  settle,
  wait_for_completion,
  type Json,
  type Steps,
} from '@libmultipath/driver-kit';
import { SECTORS_PER_BLOCK, SECTORS_PER_MIB } from '../environment/media.js';
import { errors } from '../errors.js';
import type { ReadArgs } from '../vocabulary/args.js';
import { look, openHead } from './head.js';
import { feedLoads } from './loads.js';
import { ModelRead } from './session.js';
import { transfer } from './transfer.js';
import type { VirtioModelWorld } from './world.js';

/** The sectors of a read: its own block, or the next that no read has had, in the upper half, two blocks apart. */
const sectorsOf = ({ topology, session }: VirtioModelWorld, { block, count }: ReadArgs): number[] => {
  const half = (topology.sizeMiB * SECTORS_PER_MIB) / 2;
  const first = block === undefined ? half + session.blocksUsed * 2 * SECTORS_PER_BLOCK : block * SECTORS_PER_BLOCK;
  if (block === undefined) session.blocksUsed += count;
  return Array.from({ length: count }, (_, index) => first + index * 2 * SECTORS_PER_BLOCK);
};

const newRead = (world: VirtioModelWorld, args: ReadArgs): ModelRead => {
  const read = new ModelRead();
  read.sectors.push(...sectorsOf(world, args));
  world.session.reads.set(args.as, read);
  return read;
};

const readOf = (world: VirtioModelWorld, label: string): ModelRead => {
  const read = world.session.reads.get(label);
  if (read !== undefined) return read;
  throw errors.fail('LMP-292', { message: `no read is called ${label}`, todo: 'report this' });
};

export function* modelRead(world: VirtioModelWorld, args: ReadArgs): Steps<void> {
  yield* feedLoads(world);
  const disk = yield* openHead(world);
  const read = newRead(world, args);
  if (typeof disk === 'string') {
    read.results.push(disk);
    return;
  }
  for (const sector of read.sectors) read.results.push((yield* transfer(disk, REQ_OP_READ, sector)).result);
  yield* bdev_release(disk);
}

/** Starts the read in a thread of its own. */
export function* modelStartRead(world: VirtioModelWorld, args: ReadArgs): Steps<void> {
  yield* feedLoads(world);
  const disk = yield* openHead(world);
  const read = newRead(world, args);
  if (typeof disk === 'string') {
    read.results.push(disk);
    return;
  }
  read.opened = disk;
  currentMachine().spawn(`read ${args.as}`, function* () {
    for (const sector of read.sectors) read.results.push((yield* transfer(disk, REQ_OP_READ, sector)).result);
    yield* complete_all(read.ended);
  });
}

/** When nothing can go on, the read waits for a kick or has ended. */
export function* modelAwaitParked(world: VirtioModelWorld, label: string): Steps<void> {
  yield* feedLoads(world);
  readOf(world, label);
  yield* settle([]);
}

export function* modelAwaitRead(world: VirtioModelWorld, label: string): Steps<void> {
  const read = readOf(world, label);
  const { opened } = read;
  yield* feedLoads(world);
  if (opened === null) return;
  yield* wait_for_completion(read.ended, []);
  read.opened = null;
  yield* bdev_release(opened);
}

export function* modelPathsOf(world: VirtioModelWorld, label: string): Steps<Json> {
  yield* look();
  return readOf(world, label).sectors.flatMap((sector) => world.core.journal.issued.get(sector) ?? []);
}

export function* modelResultOf(world: VirtioModelWorld, label: string): Steps<Json> {
  yield* look();
  const { results } = readOf(world, label);
  const [first] = results;
  if (first === undefined) return 'pending';
  return results.every((result) => result === first) ? first : [...results];
}
