// SPDX-License-Identifier: GPL-2.0-only
import {
  type AwaitProgressArgs,
  bdev_release,
  currentMachine,
  type Json,
  makeStep,
  REQ_OP_READ,
  REQ_OP_WRITE,
  type Steps,
  type StopLoadArgs,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { type LoadArgs } from '../vocabulary/args.js';
import { look } from './disks.js';
import { openHead } from './reads.js';
import { feedLoad } from './streams.js';
import { model_load, type LoadPhase } from './session.js';
import { SECTORS_PER_BLOCK, transfer } from './transfer.js';
import type { NvmeModelWorld } from './world.js';

const PER_PROGRESS = 2;

const loadOf = (world: NvmeModelWorld, label: string): model_load => {
  const load = world.session.loads.get(label);
  if (load === undefined) throw errors.fail('LMP-202', { message: `no load is called ${label}`, todo: 'report this' });
  return load;
};

const sectorOf = (block: number): number => block * SECTORS_PER_BLOCK;

function* writeNext(world: NvmeModelWorld, load: model_load, label: string): Steps<void> {
  const block = load.begun++;
  const { phase } = load;
  const data = `${label} ${String(block)}`;
  const { result, remaps } = yield* transfer(world, load.disk, REQ_OP_WRITE, sectorOf(block), data);
  load.writes.push({ phase, paths: remaps.map(({ to }) => to) });
  if (result === 'ok') load.written.set(block, data);
  else load.errors.add(result);
  yield makeStep('load_done', load, 'tokens', 'update', { ordering: 'full' });
  load.completed++;
}

function* verify(world: NvmeModelWorld, load: model_load): Steps<void> {
  for (const [block, data] of load.written) {
    const back = yield* transfer(world, load.disk, REQ_OP_READ, sectorOf(block));
    if (back.result !== 'ok') load.errors.add(back.result);
    else load.readBack++;
    if (back.result === 'ok' && back.data !== data) load.corrupt = true;
  }
}

function* run(world: NvmeModelWorld, load: model_load, label: string): Steps<void> {
  const enabled = (): boolean => load.tokens > 0 || load.stopping;
  for (;;) {
    yield makeStep('load_next', load, 'tokens', 'update', { ordering: 'full', rest: [], enabled });
    if (load.tokens === 0) break;
    load.tokens--;
    yield* writeNext(world, load, label);
  }
  yield* verify(world, load);
  yield* bdev_release(load.disk);
  yield makeStep('load_done', load, 'tokens', 'update', { ordering: 'full' });
  load.stopped = true;
}

export function* modelLoad(world: NvmeModelWorld, args: LoadArgs): Steps<void> {
  const disk = yield* openHead(world, args);
  if (typeof disk === 'string') {
    throw errors.fail('LMP-201', {
      message: `load ${args.as}: the head cannot be opened: ${disk}`,
      todo: 'attach a controller before',
    });
  }
  const load = new model_load(disk, args.cpu);
  world.session.loads.set(args.as, load);
  currentMachine().spawn(`load ${args.as}`, () => run(world, load, args.as), { cpu: args.cpu });
}

export function* modelAwaitProgress(world: NvmeModelWorld, args: AwaitProgressArgs): Steps<void> {
  const load = loadOf(world, args.load);
  const before = load.completed + load.tokens;
  yield* feedLoad(load, PER_PROGRESS);
  const enabled = (): boolean => load.completed >= before + PER_PROGRESS;
  yield makeStep('await_progress', load, 'tokens', 'read', { enabled, rest: [] });
}

export function* modelStopLoad(world: NvmeModelWorld, args: StopLoadArgs): Steps<void> {
  const load = loadOf(world, args.load);
  yield makeStep('load_stop', load, 'tokens', 'update', { ordering: 'full' });
  load.stopping = true;
  yield makeStep('load_stopped', load, 'tokens', 'read', { enabled: () => load.stopped, rest: [] });
}

export function* modelLoadResult(world: NvmeModelWorld, label: string): Steps<Json> {
  yield* look();
  const load = loadOf(world, label);
  return {
    errors: [...load.errors].sort(),
    corrupt: load.corrupt,
    verified: load.completed > 0 && load.readBack === load.completed,
  };
}

export function* modelLoadPaths(world: NvmeModelWorld, label: string): Steps<Json> {
  yield* look();
  const used = (phase: LoadPhase): string[] =>
    [
      ...new Set(
        loadOf(world, label)
          .writes.filter((write) => write.phase === phase)
          .flatMap(({ paths }) => paths),
      ),
    ].sort();
  return { before: used('before'), after: used('after') };
}
