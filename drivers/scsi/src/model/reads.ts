// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  bdev_release,
  complete_all,
  currentMachine,
  errno_name,
  type gendisk,
  type Json,
  type PendingReadArgs,
  REQ_OP_READ,
  settle,
  type StartReadArgs,
  type Steps,
  wait_for_completion,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { type ReadArgs } from '../vocabulary/io-args.js';
import { model_read } from './session.js';
import { diskOf, findDisk, isHidden, look, onCpu } from './sight-of.js';
import { feedLoads } from './streams.js';
import { SECTORS_PER_BLOCK, transfer } from './transfer.js';
import { pathOf, type ScsiModelWorld } from './world.js';

const SECTORS_PER_MIB = 2_048;

/** First sector of the next blocks that no read has had: the upper half of the unit, two blocks apart. */
const nextSector = ({ topology, session }: ScsiModelWorld, blocks: number): number => {
  const half = (Math.min(...topology.units.map(({ sizeMiB }) => sizeMiB)) * SECTORS_PER_MIB) / 2;
  const block = session.blocksUsed;
  session.blocksUsed += blocks;
  return half + block * 2 * SECTORS_PER_BLOCK;
};

const checkCpu = (cpu: number): void => {
  const { cpuNodes } = currentMachine().numa;
  if (cpu < cpuNodes.length) return;
  throw errors.fail('LMP-252', {
    message: `there is no CPU ${String(cpu)}: the topology has ${String(cpuNodes.length)}`,
    todo: 'name one of them, or give the topology more nodes',
  });
};

/** Opens a disk by its node in /dev; a hidden one has none. @returns the disk or an errno name */
function* open(disk: gendisk | undefined): Steps<gendisk | string> {
  if (disk === undefined || isHidden(disk)) return 'ENOENT';
  const error = yield* bdev_open(disk);
  return error === 0 ? disk : errno_name(error);
}

/** Opens the head's node. @returns the disk or an errno name */
export function* openHead(world: ScsiModelWorld): Steps<gendisk | string> {
  yield* look();
  return yield* open(findDisk(world));
}

/** Opens the node of a path's own disk. @returns the disk or an errno name */
export function* openPath(world: ScsiModelWorld, label: string): Steps<gendisk | string> {
  yield* look();
  const { sdev } = pathOf(world, label);
  return yield* open(sdev === null ? undefined : diskOf(sdev));
}

const newRead = (world: ScsiModelWorld, label: string): model_read => {
  const read = new model_read();
  world.session.reads.set(label, read);
  return read;
};

const readOf = (world: ScsiModelWorld, label: string): model_read => {
  const read = world.session.reads.get(label);
  if (read === undefined) throw errors.fail('LMP-250', { message: `no read is called ${label}`, todo: 'report this' });
  return read;
};

function* readOnce(read: model_read, disk: gendisk, sector: number, blocks: number): Steps<void> {
  const { result, paths } = yield* transfer(
    disk,
    REQ_OP_READ,
    sector,
    Array.from({ length: blocks }, () => ''),
  );
  read.results.push(result);
  read.paths.push(...paths);
}

export function* modelRead(world: ScsiModelWorld, args: ReadArgs): Steps<void> {
  checkCpu(args.cpu);
  yield* feedLoads(world);
  const held = args.through === undefined ? undefined : world.session.holds.get(args.through);
  const disk = held ?? (yield* args.on === undefined ? openHead(world) : openPath(world, args.on));
  const read = newRead(world, args.as);
  const sectors = Array.from({ length: args.count }, () => nextSector(world, args.blocks));
  if (typeof disk === 'string') {
    read.results.push(disk);
    return;
  }
  yield* onCpu(args.cpu, function* () {
    for (const sector of sectors) yield* readOnce(read, disk, sector, args.blocks);
  });
  if (held === undefined) yield* bdev_release(disk);
}

/** Starts the read in a thread of its own. */
export function* modelStartRead(world: ScsiModelWorld, args: StartReadArgs): Steps<void> {
  checkCpu(args.cpu);
  yield* feedLoads(world);
  const disk = yield* openHead(world);
  const read = newRead(world, args.as);
  const sector = nextSector(world, 1);
  if (typeof disk === 'string') {
    read.results.push(disk);
    return;
  }
  read.opened = disk;
  read.isBackground = true;
  currentMachine().spawn(
    `read ${args.as}`,
    function* () {
      yield* readOnce(read, disk, sector, 1);
      yield* complete_all(read.ended);
    },
    { cpu: args.cpu },
  );
}

/** When nothing can go on, the read waits for a kick or has ended. */
export function* modelAwaitParked(world: ScsiModelWorld, args: PendingReadArgs): Steps<void> {
  yield* feedLoads(world);
  readOf(world, args.read);
  yield* settle([]);
}

export function* modelAwaitRead(world: ScsiModelWorld, args: PendingReadArgs): Steps<void> {
  const read = readOf(world, args.read);
  const { opened } = read;
  yield* feedLoads(world);
  if (opened === null) return;
  yield* wait_for_completion(read.ended, []);
  read.opened = null;
  yield* bdev_release(opened);
}

export function* modelPathsOf(world: ScsiModelWorld, label: string): Steps<Json> {
  yield* look();
  return [...readOf(world, label).paths];
}

export function* modelResultOf(world: ScsiModelWorld, label: string): Steps<Json> {
  const tried = world.session.tries.get(label);
  if (tried !== undefined) return tried;
  yield* look();
  const read = readOf(world, label);
  const [first] = read.results;
  if (first === undefined) return read.isBackground ? 'pending' : [];
  return read.results.every((result) => result === first) ? first : [...read.results];
}
