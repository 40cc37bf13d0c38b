// SPDX-License-Identifier: GPL-2.0-only
import { label, pendingReadArgs, type PendingReadArgs } from '@libmultipath/driver-kit';
import { guestAwaitParked } from '../guest/words/await-parked.js';
import { guestAwaitSent } from '../guest/words/await-sent.js';
import { guestAwaitRead } from '../guest/words/await-read.js';
import { guestPathsOf } from '../guest/words/paths-of.js';
import { guestRead } from '../guest/words/read.js';
import { guestRemapSource } from '../guest/words/remap-source.js';
import { guestResultOf } from '../guest/words/result-of.js';
import { guestStartRead } from '../guest/words/start-read.js';
import {
  modelAwaitParked,
  modelAwaitRead,
  modelPathsOf,
  modelRead,
  modelRemapSource,
  modelResultOf,
  modelStartRead,
} from '../model/reads.js';
import { readArgs, startReadArgs, type ReadArgs, type StartReadArgs } from './args.js';
import {
  controllerRef,
  holdRef,
  pendingReadRef,
  readRef,
  resultRef,
  type NvmeObservation,
  type NvmeStep,
} from './kinds.js';

const read: NvmeStep<ReadArgs> = {
  doc:
    'Reads blocks of 4 KiB with O_DIRECT from one CPU, each after the one before has ended; through a new open of ' +
    'the head, or `through` a descriptor that is held. The head is that of the first namespace, or of the one with that ' +
    '`nsid`, in the first subsystem, or in that `of` a controller. A scenario never reads a block twice.',
  example: 'read: { as: r1, cpu: 0, count: 4 }',
  args: readArgs,
  refers: ({ through, of }) => [
    ...(through === undefined ? [] : [holdRef(through)]),
    ...(of === undefined ? [] : [controllerRef(of)]),
  ],
  binds: (args) => [readRef(args.as), resultRef(args.as)],
  model: modelRead,
  guest: guestRead,
};

const startRead: NvmeStep<StartReadArgs> = {
  doc: 'Starts one read of 4 KiB in a thread of its own, and goes on. Of which head, as with `read`.',
  example: 'start-read: r1',
  args: startReadArgs,
  refers: ({ of }) => (of === undefined ? [] : [controllerRef(of)]),
  binds: (args) => [readRef(args.as), resultRef(args.as), pendingReadRef(args.as)],
  background: true,
  model: modelStartRead,
  guest: guestStartRead,
};

const awaitParked: NvmeStep<PendingReadArgs> = {
  doc: 'Waits until the head has taken the read and given it to no path, or the read has ended.',
  example: 'await-parked: r1',
  args: pendingReadArgs,
  refers: (args) => [pendingReadRef(args.read)],
  model: modelAwaitParked,
  guest: guestAwaitParked,
};

const awaitSent: NvmeStep<PendingReadArgs> = {
  doc: 'Waits until the head has sent the read to a path.',
  example: 'await-sent: r1',
  args: pendingReadArgs,
  refers: (args) => [pendingReadRef(args.read)],
  // When nothing can go on, whatever could be sent is.
  model: modelAwaitParked,
  guest: guestAwaitSent,
};

const awaitRead: NvmeStep<PendingReadArgs> = {
  doc: 'Waits until a read that was started has ended.',
  example: 'await-read: r1',
  args: pendingReadArgs,
  refers: (args) => [pendingReadRef(args.read)],
  model: modelAwaitRead,
  guest: guestAwaitRead,
};

const pathsOf: NvmeObservation<string> = {
  doc: 'Controllers to which the head sent the bios of a read, one entry each time, in time order.',
  example: 'observe: { paths-of: r1 }',
  args: label,
  refers: (label) => [readRef(label)],
  model: modelPathsOf,
  guest: guestPathsOf,
};

const resultOf: NvmeObservation<string> = {
  doc:
    '`ok`, an errno name, or `eof` (the disk has lost its size); a list where reads of one step differ; `pending`: ' +
    'not ended.',
  example: 'observe: { result-of: r1 }',
  args: label,
  refers: (label) => [resultRef(label)],
  model: modelResultOf,
  guest: guestResultOf,
};

const remapSource: NvmeObservation<string> = {
  doc: 'Which device the remap records of a read name as the old one: `head` or `path`; `none` without a record.',
  example: 'observe: { remap-source: r1 }',
  args: label,
  refers: (label) => [readRef(label)],
  model: modelRemapSource,
  guest: guestRemapSource,
};

export const readSteps = {
  read,
  'start-read': startRead,
  'await-parked': awaitParked,
  'await-sent': awaitSent,
  'await-read': awaitRead,
};
export const readObservations = { 'paths-of': pathsOf, 'result-of': resultOf, 'remap-source': remapSource };
