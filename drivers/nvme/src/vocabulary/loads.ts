// SPDX-License-Identifier: GPL-2.0-only
import {
  awaitProgressArgs,
  label,
  stopLoadArgs,
  type AwaitProgressArgs,
  type StopLoadArgs,
} from '@libmultipath/driver-kit';
import { guestAwaitProgress } from '../guest/words/await-progress.js';
import { guestLoadPaths } from '../guest/words/load-paths.js';
import { guestLoadResult } from '../guest/words/load-result.js';
import { guestLoad } from '../guest/words/load.js';
import { guestStopLoad } from '../guest/words/stop-load.js';
import { modelAwaitProgress, modelLoad, modelLoadPaths, modelLoadResult, modelStopLoad } from '../model/loads.js';
import { loadArgs, type LoadArgs } from './args.js';
import { controllerRef, loadRef, type NvmeObservation, type NvmeStep } from './kinds.js';

const load: NvmeStep<LoadArgs> = {
  doc:
    'Writes blocks of 4 KiB from the start of the namespace, round and round, until stopped; goes on meanwhile. The head ' +
    'is that of the first subsystem, or of that `of` a controller.',
  example: 'load: { as: writes, depth: 8, blocks: 1024 }',
  args: loadArgs,
  refers: ({ of }) => (of === undefined ? [] : [controllerRef(of)]),
  binds: (args) => [loadRef(args.as)],
  background: true,
  model: modelLoad,
  guest: guestLoad,
};

const awaitProgress: NvmeStep<AwaitProgressArgs> = {
  doc: 'Waits until so many more requests of the load have ended (in the guest; the model lets a few end).',
  example: 'await-progress: { load: writes, blocks: 100 }',
  args: awaitProgressArgs,
  refers: (args) => [loadRef(args.load)],
  model: modelAwaitProgress,
  guest: guestAwaitProgress,
};

const stopLoad: NvmeStep<StopLoadArgs> = {
  doc: 'Ends the load: what is in flight ends, then every block that was written is read back.',
  example: 'stop-load: writes',
  args: stopLoadArgs,
  refers: (args) => [loadRef(args.load)],
  model: modelStopLoad,
  guest: guestStopLoad,
};

const loadResult: NvmeObservation<string> = {
  doc: 'Errnos that requests ended with, whether a block read back wrong, whether all were read back.',
  example: 'observe: { load-result: writes }',
  args: label,
  refers: (label) => [loadRef(label)],
  model: modelLoadResult,
  guest: guestLoadResult,
};

const loadPaths: NvmeObservation<string> = {
  doc: 'Controllers that carried writes before the first detach began, and after the last one had ended.',
  example: 'observe: { load-paths: writes }',
  args: label,
  refers: (label) => [loadRef(label)],
  model: modelLoadPaths,
  guest: guestLoadPaths,
};

export const loadSteps = { load, 'await-progress': awaitProgress, 'stop-load': stopLoad };
export const loadObservations = { 'load-result': loadResult, 'load-paths': loadPaths };
