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
  type Steps,
  wait_for_completion,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { readSectorOf } from '../topology.js';
import { type ReadArgs, type StartReadArgs } from '../vocabulary/args.js';
import { findHead, look, onCpu } from './disks.js';
import { feedLoads } from './streams.js';
import { model_read } from './session.js';
import { transfer } from './transfer.js';
import type { NvmeModelWorld } from './world.js';

/** First sector of the next block that no read has had. */
const nextSector = ({ topology, session }: NvmeModelWorld): number => readSectorOf(topology, session.blocksUsed++);

const checkCpu = (cpu: number): void => {
  const { cpuNodes } = currentMachine().numa;
  if (cpu < cpuNodes.length) return;
  throw errors.fail('LMP-201', {
    message: `there is no CPU ${String(cpu)}: the topology has ${String(cpuNodes.length)}`,
    todo: 'name one of them, or give the topology more nodes',
  });
};

/** Which head: that of a namespace, in the subsystem of a controller; of the first unless said. */
interface WhichHead {
  readonly nsid?: number | undefined;
  readonly of?: string | undefined;
}

/** Opens the head's node in /dev. @returns the disk or an errno name */
export function* openHead(world: NvmeModelWorld, { nsid, of }: WhichHead = {}): Steps<gendisk | string> {
  yield* look();
  const disk = findHead(world, nsid, of);
  if (disk === undefined) return 'ENOENT';
  const error = yield* bdev_open(disk);
  return error === 0 ? disk : errno_name(error);
}

const newRead = (world: NvmeModelWorld, label: string): model_read => {
  const read = new model_read();
  world.session.reads.set(label, read);
  return read;
};

const readOf = (world: NvmeModelWorld, label: string): model_read => {
  const read = world.session.reads.get(label);
  if (read === undefined) throw errors.fail('LMP-202', { message: `no read is called ${label}`, todo: 'report this' });
  return read;
};

function* readOnce(world: NvmeModelWorld, read: model_read, disk: gendisk, sector: number): Steps<void> {
  const { result, remaps } = yield* transfer(world, disk, REQ_OP_READ, sector);
  read.results.push(result);
  read.remaps.push(...remaps);
}

export function* modelRead(world: NvmeModelWorld, args: ReadArgs): Steps<void> {
  checkCpu(args.cpu);
  yield* feedLoads(world);
  const held = args.through === undefined ? undefined : world.session.holds.get(args.through);
  const disk = held ?? (yield* openHead(world, args));
  const read = newRead(world, args.as);
  const sectors = Array.from({ length: args.count }, () => nextSector(world));
  if (typeof disk === 'string') {
    read.results.push(disk);
    return;
  }
  yield* onCpu(args.cpu, function* () {
    for (const sector of sectors) yield* readOnce(world, read, disk, sector);
  });
  if (held === undefined) yield* bdev_release(disk);
}

/** Starts the read in a thread of its own. */
export function* modelStartRead(world: NvmeModelWorld, args: StartReadArgs): Steps<void> {
  checkCpu(args.cpu);
  yield* feedLoads(world);
  const disk = yield* openHead(world, args);
  const read = newRead(world, args.as);
  const sector = nextSector(world);
  if (typeof disk === 'string') {
    read.results.push(disk);
    return;
  }
  read.opened = disk;
  read.isBackground = true;
  currentMachine().spawn(
    `read ${args.as}`,
    function* () {
      yield* readOnce(world, read, disk, sector);
      yield* complete_all(read.ended);
    },
    { cpu: args.cpu },
  );
}

/** When nothing can go on, the read waits for a kick or has ended. */
export function* modelAwaitParked(world: NvmeModelWorld, args: PendingReadArgs): Steps<void> {
  yield* feedLoads(world);
  readOf(world, args.read);
  yield* settle([]);
}

export function* modelAwaitRead(world: NvmeModelWorld, args: PendingReadArgs): Steps<void> {
  const read = readOf(world, args.read);
  const { opened } = read;
  yield* feedLoads(world);
  if (opened === null) return;
  yield* wait_for_completion(read.ended, []);
  read.opened = null;
  yield* bdev_release(opened);
}

export function* modelPathsOf(world: NvmeModelWorld, label: string): Steps<Json> {
  yield* look();
  return readOf(world, label).remaps.map(({ to }) => to);
}

export function* modelRemapSource(world: NvmeModelWorld, label: string): Steps<Json> {
  yield* look();
  const sources = [...new Set(readOf(world, label).remaps.map(({ from }) => from))].sort();
  const [only] = sources;
  return sources.length > 1 ? sources : (only ?? 'none');
}

export function* modelResultOf(world: NvmeModelWorld, label: string): Steps<Json> {
  const tried = world.session.tries.get(label);
  if (tried !== undefined) return tried;
  yield* look();
  const read = readOf(world, label);
  const [first] = read.results;
  if (first === undefined) return read.isBackground ? 'pending' : [];
  return read.results.every((result) => result === first) ? first : [...read.results];
}
