// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_release,
  currentMachine,
  makeStep,
  REQ_OP_READ,
  REQ_OP_WRITE,
  type Json,
  type Steps,
} from '@libmultipath/driver-kit';
import { SECTORS_PER_BLOCK } from '../environment/media.js';
import { errors } from '../errors.js';
import type { LoadArgs } from '../vocabulary/args.js';
import { look, openHead } from './head.js';
import { ModelLoad } from './session.js';
import { transfer } from './transfer.js';
import type { VirtioModelWorld } from './world.js';

/*
 * A load stands for a stream of any length. Its model has one write in flight: one beside each following
 * step, and two for each `await-progress`. What is observed does not depend on how many there are.
 */
const PER_PROGRESS = 2;

function* feed(load: ModelLoad, tokens: number): Steps<void> {
  yield makeStep('load_feed', load, 'tokens', 'update', { ordering: 'full' });
  load.tokens += tokens;
}

/** Lets each running load go on beside the step that begins. */
export function* feedLoads(world: VirtioModelWorld): Steps<void> {
  for (const load of world.session.loads.values()) if (!load.stopping) yield* feed(load, 1);
}

const loadOf = (world: VirtioModelWorld, label: string): ModelLoad => {
  const load = world.session.loads.get(label);
  if (load !== undefined) return load;
  throw errors.fail('LMP-292', { message: `no load is called ${label}`, todo: 'report this' });
};

function* writeNext(load: ModelLoad, label: string): Steps<void> {
  const block = load.begun++;
  const data = `${label} ${String(block)}`;
  const { result } = yield* transfer(load.disk, REQ_OP_WRITE, block * SECTORS_PER_BLOCK, data);
  if (result === 'ok') load.written.set(block, data);
  else load.errors.add(result);
  yield makeStep('load_done', load, 'tokens', 'update', { ordering: 'full' });
  load.completed++;
}

/** Every block that was written is read back. */
function* verify(load: ModelLoad): Steps<void> {
  for (const [block, data] of load.written) {
    const back = yield* transfer(load.disk, REQ_OP_READ, block * SECTORS_PER_BLOCK);
    if (back.result === 'ok') load.readBack++;
    else load.errors.add(back.result);
    if (back.result === 'ok' && back.data !== data) load.corrupt = true;
  }
}

function* run(load: ModelLoad, label: string): Steps<void> {
  const enabled = (): boolean => load.tokens > 0 || load.stopping;
  for (;;) {
    yield makeStep('load_next', load, 'tokens', 'update', { ordering: 'full', rest: [], enabled });
    if (load.tokens === 0) break;
    load.tokens--;
    yield* writeNext(load, label);
  }
  yield* verify(load);
  yield* bdev_release(load.disk);
  yield makeStep('load_done', load, 'tokens', 'update', { ordering: 'full' });
  load.stopped = true;
}

/** @throws LMP-291 the multipath disk cannot be opened */
export function* modelLoad(world: VirtioModelWorld, { as }: LoadArgs): Steps<void> {
  const disk = yield* openHead(world);
  if (typeof disk === 'string') {
    throw errors.fail('LMP-291', {
      message: `load ${as}: cannot open the disk: ${disk}`,
      todo: 'attach a disk before',
    });
  }
  const load = new ModelLoad(disk);
  world.session.loads.set(as, load);
  currentMachine().spawn(`load ${as}`, () => run(load, as));
}

export function* modelAwaitProgress(world: VirtioModelWorld, label: string): Steps<void> {
  const load = loadOf(world, label);
  const before = load.completed + load.tokens;
  yield* feed(load, PER_PROGRESS);
  const enabled = (): boolean => load.completed >= before + PER_PROGRESS;
  yield makeStep('await_progress', load, 'tokens', 'read', { enabled, rest: [] });
}

export function* modelStopLoad(world: VirtioModelWorld, label: string): Steps<void> {
  const load = loadOf(world, label);
  yield makeStep('load_stop', load, 'tokens', 'update', { ordering: 'full' });
  load.stopping = true;
  yield makeStep('load_stopped', load, 'tokens', 'read', { enabled: () => load.stopped, rest: [] });
}

export function* modelLoadResult(world: VirtioModelWorld, label: string): Steps<Json> {
  yield* look();
  const { errors: seen, corrupt, completed, readBack } = loadOf(world, label);
  return { errors: [...seen].sort(), corrupt, verified: completed > 0 && readBack === completed };
}
