// SPDX-License-Identifier: GPL-2.0-only
import { label } from '@libmultipath/driver-kit';
import { guestAwaitProgress, guestLoad, guestLoadResult, guestStopLoad } from '../guest/loads.js';
import {
  guestAwaitParked,
  guestAwaitRead,
  guestPathsOf,
  guestRead,
  guestResultOf,
  guestStartRead,
} from '../guest/reads.js';
import { modelAwaitProgress, modelLoad, modelLoadResult, modelStopLoad } from '../model/loads.js';
import {
  modelAwaitParked,
  modelAwaitRead,
  modelPathsOf,
  modelRead,
  modelResultOf,
  modelStartRead,
} from '../model/reads.js';
import { loadArgs, readArgs, type LoadArgs, type ReadArgs } from './args.js';
import { loadRef, pendingReadRef, readRef, type VirtioObservation, type VirtioStep } from './kinds.js';

const read: VirtioStep<ReadArgs> = {
  doc: 'Reads blocks of 4 KiB of the multipath disk with O_DIRECT, one after the other, each block once in a scenario.',
  example: 'read: { as: r1, count: 4 }',
  args: readArgs,
  binds: ({ as }) => [readRef(as)],
  model: modelRead,
  guest: guestRead,
};

const startRead: VirtioStep<ReadArgs> = {
  doc: 'Starts the read of one block in a thread of its own, and goes on.',
  example: 'start-read: r1',
  args: readArgs,
  binds: ({ as }) => [readRef(as), pendingReadRef(as)],
  background: true,
  model: modelStartRead,
  guest: guestStartRead,
};

const awaitParked: VirtioStep<string> = {
  doc: 'With no path left: waits until the multipath disk has taken the read, or the read has ended.',
  example: 'await-parked: r1',
  args: label,
  refers: (name) => [pendingReadRef(name)],
  model: modelAwaitParked,
  guest: guestAwaitParked,
};

const awaitRead: VirtioStep<string> = {
  doc: 'Waits until a read that was started has ended.',
  example: 'await-read: r1',
  args: label,
  refers: (name) => [pendingReadRef(name)],
  model: modelAwaitRead,
  guest: guestAwaitRead,
};

const load: VirtioStep<LoadArgs> = {
  doc: 'Writes blocks of 4 KiB from the start of the disk, round and round, until stopped; goes on meanwhile.',
  example: 'load: { as: writes, depth: 8, blocks: 1024 }',
  args: loadArgs,
  binds: ({ as }) => [loadRef(as)],
  background: true,
  model: modelLoad,
  guest: guestLoad,
};

const awaitProgress: VirtioStep<string> = {
  doc: 'Waits until more requests of the load have ended.',
  example: 'await-progress: writes',
  args: label,
  refers: (name) => [loadRef(name)],
  model: modelAwaitProgress,
  guest: guestAwaitProgress,
};

const stopLoad: VirtioStep<string> = {
  doc: 'Ends the load: what is in flight ends, then every block that was written is read back.',
  example: 'stop-load: writes',
  args: label,
  refers: (name) => [loadRef(name)],
  model: modelStopLoad,
  guest: guestStopLoad,
};

const pathsOf: VirtioObservation<string> = {
  doc: 'Disks to which the requests of a read were issued, block after block, in time order for each.',
  example: 'observe: { paths-of: r1 }',
  args: label,
  refers: (name) => [readRef(name)],
  model: modelPathsOf,
  guest: guestPathsOf,
};

const resultOf: VirtioObservation<string> = {
  doc: '`ok`, an errno name, or `eof`; a list where reads of one step differ; `pending`: not ended.',
  example: 'observe: { result-of: r1 }',
  args: label,
  refers: (name) => [readRef(name)],
  model: modelResultOf,
  guest: guestResultOf,
};

const loadResult: VirtioObservation<string> = {
  doc: 'Errnos that requests of a load ended with, whether a block read back wrong, whether all were read back.',
  example: 'observe: { load-result: writes }',
  args: label,
  refers: (name) => [loadRef(name)],
  model: modelLoadResult,
  guest: guestLoadResult,
};

export const transferSteps = {
  read,
  'start-read': startRead,
  'await-parked': awaitParked,
  'await-read': awaitRead,
  load,
  'await-progress': awaitProgress,
  'stop-load': stopLoad,
};
export const transferObservations = { 'paths-of': pathsOf, 'result-of': resultOf, 'load-result': loadResult };
