// SPDX-License-Identifier: GPL-2.0-only
import {
  holdArgs,
  noArgs,
  releaseArgs,
  setDelayedRemovalArgs,
  type HoldArgs,
  type NoArgs,
  type ReleaseArgs,
  type SetDelayedRemovalArgs,
} from '@libmultipath/driver-kit';
import { guestAwaitRemoval } from '../guest/words/await-removal.js';
import { guestCounters } from '../guest/words/counters.js';
import { guestHead } from '../guest/words/head.js';
import { guestHold } from '../guest/words/hold.js';
import { guestOrder } from '../guest/words/order.js';
import { guestRelease } from '../guest/words/release.js';
import { guestSetDelayedRemoval } from '../guest/words/set-delayed-removal.js';
import { modelCounters, modelHead } from '../model/disks.js';
import { modelAwaitRemoval, modelHold, modelOrder, modelRelease, modelSetDelayedRemoval } from '../model/head.js';
import { headOfArgs, type HeadOfArgs } from './args.js';
import { controllerRef, holdRef, type NvmeObservation, type NvmeStep } from './kinds.js';

const setDelayedRemoval: NvmeStep<SetDelayedRemovalArgs> = {
  doc: 'Writes the head’s `delayed_removal_secs`; the kernel must have it and take the value.',
  example: 'set-delayed-removal: $window',
  args: setDelayedRemovalArgs,
  model: modelSetDelayedRemoval,
  guest: guestSetDelayedRemoval,
};

const hold: NvmeStep<HoldArgs> = {
  doc: 'Opens the head and keeps the descriptor.',
  example: 'hold: h',
  args: holdArgs,
  binds: (args) => [holdRef(args.as)],
  model: modelHold,
  guest: guestHold,
};

const release: NvmeStep<ReleaseArgs> = {
  doc: 'Closes a descriptor that is held.',
  example: 'release: h',
  args: releaseArgs,
  refers: (args) => [holdRef(args.hold)],
  model: modelRelease,
  guest: guestRelease,
};

const awaitRemoval: NvmeStep<NoArgs> = {
  doc: 'Waits until the head disk is gone.',
  example: 'await-removal:',
  args: noArgs,
  model: modelAwaitRemoval,
  guest: guestAwaitRemoval,
};

const head: NvmeObservation<HeadOfArgs> = {
  doc:
    'Whether there is a head disk, its instance, its size, and what user space sees of it; in the first subsystem, or in ' +
    'that `of` a controller.',
  example: 'observe: head',
  args: headOfArgs,
  refers: ({ of }) => (of === undefined ? [] : [controllerRef(of)]),
  model: modelHead,
  guest: guestHead,
};

const counters: NvmeObservation<NoArgs> = {
  doc: 'How often the head parked a bio for want of a path, and failed one; null: no head, or no counters.',
  example: 'observe: counters',
  args: noArgs,
  model: modelCounters,
  guest: guestCounters,
};

const order: NvmeObservation<NoArgs> = {
  doc:
    'In their order: `expired` (the head’s timer began its removal), `returned` (a path went live after the last one ' +
    'had gone), `awaiting` (`await-removal` began).',
  example: 'observe: order',
  args: noArgs,
  model: modelOrder,
  guest: guestOrder,
};

export const headSteps = {
  'set-delayed-removal': setDelayedRemoval,
  hold,
  release,
  'await-removal': awaitRemoval,
};
export const headObservations = { head, counters, order };
