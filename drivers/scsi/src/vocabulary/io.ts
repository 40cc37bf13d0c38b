// SPDX-License-Identifier: GPL-2.0-only
import {
  awaitProgressArgs,
  label,
  pendingReadArgs,
  startReadArgs,
  stopLoadArgs,
  type AwaitProgressArgs,
  type PendingReadArgs,
  type StartReadArgs,
  type StopLoadArgs,
} from '@libmultipath/driver-kit';
import { notInGuest } from '../guest/no-multipath.js';
import { guestAwaitProgress, guestLoad, guestLoadResult, guestStopLoad } from '../guest/words/load.js';
import { guestAwaitParked, guestAwaitRead, guestPathsOf, guestRead, guestStartRead } from '../guest/words/read.js';
import { guestResultOf } from '../guest/words/result-of.js';
import { modelAwaitProgress, modelLoad, modelLoadPaths, modelLoadResult, modelStopLoad } from '../model/loads.js';
import {
  modelAwaitParked,
  modelAwaitRead,
  modelPathsOf,
  modelRead,
  modelResultOf,
  modelStartRead,
} from '../model/reads.js';
import { loadArgs, readArgs, type LoadArgs, type ReadArgs } from './io-args.js';
import {
  holdRef,
  loadRef,
  pathRef,
  pendingReadRef,
  readRef,
  resultRef,
  type ScsiObservation,
  type ScsiStep,
} from './kinds.js';

const read: ScsiStep<ReadArgs> = {
  doc:
    'Reads blocks of 4 KiB with O_DIRECT from one CPU, each transfer after the one before has ended; through a new open of ' +
    'the head, `through` a descriptor that is held, or `on` a path’s own disk. A scenario never reads a block twice.',
  example: 'read: { as: r1, cpu: 0, count: 4 }',
  args: readArgs,
  refers: ({ through, on }) => [
    ...(through === undefined ? [] : [holdRef(through)]),
    ...(on === undefined ? [] : [pathRef(on)]),
  ],
  binds: (args) => [readRef(args.as), resultRef(args.as)],
  model: modelRead,
  guest: guestRead,
};

const startRead: ScsiStep<StartReadArgs> = {
  doc: 'Starts one read of 4 KiB of the head in a thread of its own, and goes on.',
  example: 'start-read: r1',
  args: startReadArgs,
  binds: (args) => [readRef(args.as), resultRef(args.as), pendingReadRef(args.as)],
  background: true,
  model: modelStartRead,
  guest: guestStartRead,
};

const awaitParked: ScsiStep<PendingReadArgs> = {
  doc: 'Waits until the head has taken the read and given it to no path, or the read has ended.',
  example: 'await-parked: r1',
  args: pendingReadArgs,
  refers: (args) => [pendingReadRef(args.read)],
  model: modelAwaitParked,
  guest: guestAwaitParked,
};

const awaitRead: ScsiStep<PendingReadArgs> = {
  doc: 'Waits until a read that was started has ended.',
  example: 'await-read: r1',
  args: pendingReadArgs,
  refers: (args) => [pendingReadRef(args.read)],
  model: modelAwaitRead,
  guest: guestAwaitRead,
};

const load: ScsiStep<LoadArgs> = {
  doc: 'Writes blocks of 4 KiB from the start of the unit, through the head, until stopped; goes on meanwhile.',
  example: 'load: { as: writes, depth: 8, blocks: 1024 }',
  args: loadArgs,
  binds: (args) => [loadRef(args.as)],
  background: true,
  model: modelLoad,
  guest: guestLoad,
};

const awaitProgress: ScsiStep<AwaitProgressArgs> = {
  doc: 'Waits until so many more requests of the load have ended (in the guest; the model lets a few end).',
  example: 'await-progress: { load: writes, blocks: 100 }',
  args: awaitProgressArgs,
  refers: (args) => [loadRef(args.load)],
  model: modelAwaitProgress,
  guest: guestAwaitProgress,
};

const stopLoad: ScsiStep<StopLoadArgs> = {
  doc: 'Ends the load: what is in flight ends, then every block that was written is read back.',
  example: 'stop-load: writes',
  args: stopLoadArgs,
  refers: (args) => [loadRef(args.load)],
  model: modelStopLoad,
  guest: guestStopLoad,
};

const pathsOf: ScsiObservation<string> = {
  doc: 'Paths to which the head sent the bios of a read, one entry each time, in time order.',
  example: 'observe: { paths-of: r1 }',
  args: label,
  refers: (name) => [readRef(name)],
  model: modelPathsOf,
  guest: guestPathsOf,
};

const resultOf: ScsiObservation<string> = {
  doc:
    '`ok`, an errno name, or `eof` (the disk has lost its size); a list where reads of one step differ; `pending`: ' +
    'not ended. Of a reservation or an ioctl also `status N`, as the method gave it.',
  example: 'observe: { result-of: r1 }',
  args: label,
  refers: (name) => [resultRef(name)],
  model: modelResultOf,
  guest: guestResultOf,
};

const loadResult: ScsiObservation<string> = {
  doc: 'Errnos that requests ended with, whether a block read back wrong, whether all were read back.',
  example: 'observe: { load-result: writes }',
  args: label,
  refers: (name) => [loadRef(name)],
  model: modelLoadResult,
  guest: guestLoadResult,
};

const loadPaths: ScsiObservation<string> = {
  doc: 'Paths that carried writes before the first detach began, and after the last one had ended.',
  example: 'observe: { load-paths: writes }',
  args: label,
  refers: (name) => [loadRef(name)],
  model: modelLoadPaths,
  guest: notInGuest('load-paths'),
};

export const ioSteps = {
  read,
  'start-read': startRead,
  'await-parked': awaitParked,
  'await-read': awaitRead,
  load,
  'await-progress': awaitProgress,
  'stop-load': stopLoad,
};
export const ioObservations = {
  'paths-of': pathsOf,
  'result-of': resultOf,
  'load-result': loadResult,
  'load-paths': loadPaths,
};
