// SPDX-License-Identifier: GPL-2.0-only
import {
  holdArgs,
  noArgs,
  releaseArgs,
  setDelayedRemovalArgs,
  setIopolicyArgs,
  tryIopolicyArgs,
  type HoldArgs,
  type NoArgs,
  type ReleaseArgs,
  type SetDelayedRemovalArgs,
  type SetIopolicyArgs,
  type TryIopolicyArgs,
} from '@libmultipath/driver-kit';
import { guestResumeHead, guestSetDelayedRemoval, guestSetIopolicy, guestSuspendHead } from '../guest/words/head.js';
import { guestHold, guestRelease } from '../guest/words/hold.js';
import { guestOrder } from '../guest/words/order.js';
import { guestReserve } from '../guest/words/reserve.js';
import { notInGuest } from '../guest/no-multipath.js';
import {
  modelAwaitRemoval,
  modelHold,
  modelIoctl,
  modelIopolicy,
  modelOrder,
  modelPolicyMessage,
  modelRelease,
  modelReserve,
  modelResumeHead,
  modelSetDelayedRemoval,
  modelSetIopolicy,
  modelSuspendHead,
  modelTryIopolicy,
} from '../model/head.js';
import { ioctlArgs, reserveArgs, type ReserveArgs } from './args.js';
import { holdRef, pathRef, resultRef, type ScsiObservation, type ScsiStep } from './kinds.js';

const setIopolicy: ScsiStep<SetIopolicyArgs> = {
  doc: 'Writes the policy to the head’s `iopolicy`; the kernel must take it.',
  example: 'set-iopolicy: round-robin',
  args: setIopolicyArgs,
  model: modelSetIopolicy,
  guest: guestSetIopolicy,
};

const tryIopolicy: ScsiStep<TryIopolicyArgs> = {
  doc: 'Writes the policy and keeps `ok` or the errno name for `result-of`.',
  example: 'try-iopolicy: { policy: queue-depth, as: change }',
  args: tryIopolicyArgs,
  binds: (args) => [resultRef(args.as)],
  model: modelTryIopolicy,
  guest: notInGuest('try-iopolicy'),
};

const setDelayedRemoval: ScsiStep<SetDelayedRemovalArgs> = {
  doc: 'Writes the head disk’s `delayed_removal_secs`; the kernel must have it and take the value.',
  example: 'set-delayed-removal: $window',
  args: setDelayedRemovalArgs,
  model: modelSetDelayedRemoval,
  guest: guestSetDelayedRemoval,
};

const suspendHead: ScsiStep<NoArgs> = {
  doc: 'Suspends the map of dm-multipath (`--noflush`): what is on its way ends, and whatever is submitted waits.',
  example: 'suspend-head:',
  args: noArgs,
  model: modelSuspendHead,
  guest: guestSuspendHead,
};

const resumeHead: ScsiStep<NoArgs> = {
  doc: 'Resumes the map of dm-multipath: what has waited goes on.',
  example: 'resume-head:',
  args: noArgs,
  model: modelResumeHead,
  guest: guestResumeHead,
};

const hold: ScsiStep<HoldArgs> = {
  doc: 'Opens the head and keeps the descriptor.',
  example: 'hold: h',
  args: holdArgs,
  binds: (args) => [holdRef(args.as)],
  model: modelHold,
  guest: guestHold,
};

const release: ScsiStep<ReleaseArgs> = {
  doc: 'Closes a descriptor that is held.',
  example: 'release: h',
  args: releaseArgs,
  refers: (args) => [holdRef(args.hold)],
  model: modelRelease,
  guest: guestRelease,
};

const awaitRemoval: ScsiStep<NoArgs> = {
  doc: 'Waits until the head disk is gone.',
  example: 'await-removal:',
  args: noArgs,
  model: modelAwaitRemoval,
  guest: notInGuest('await-removal'),
};

const reserve: ScsiStep<ReserveArgs> = {
  doc: 'Registers a key and reserves (write exclusive), through the head or `on` a path’s own disk; keeps the result.',
  example: 'reserve: r',
  args: reserveArgs,
  refers: ({ on }) => (on === undefined ? [] : [pathRef(on)]),
  binds: ({ as }) => [resultRef(as)],
  model: modelReserve,
  guest: guestReserve,
};

const ioctl: ScsiStep<HoldArgs> = {
  doc: 'Asks the unit through the head whether it is ready (SCSI_IOCTL_TEST_UNIT_READY); keeps the result.',
  example: 'ioctl: i',
  args: ioctlArgs,
  binds: ({ as }) => [resultRef(as)],
  model: modelIoctl,
  guest: notInGuest('ioctl'),
};

const iopolicy: ScsiObservation<NoArgs> = {
  doc: 'The policy of the head; null: there is no head.',
  example: 'observe: iopolicy',
  args: noArgs,
  model: modelIopolicy,
  guest: () => Promise.resolve(null),
};

const policyMessage: ScsiObservation<NoArgs> = {
  doc: 'What the kernel log says about changes of policy.',
  example: 'observe: policy-message',
  args: noArgs,
  model: modelPolicyMessage,
  guest: () => Promise.resolve([]),
};

const order: ScsiObservation<NoArgs> = {
  doc:
    'In their order: `expired` (the head’s timer began its removal), `returned` (a path went live after the last one ' +
    'had gone), `awaiting` (`await-removal` began).',
  example: 'observe: order',
  args: noArgs,
  model: modelOrder,
  guest: guestOrder,
};

export const headSteps = {
  'set-iopolicy': setIopolicy,
  'try-iopolicy': tryIopolicy,
  'set-delayed-removal': setDelayedRemoval,
  'suspend-head': suspendHead,
  'resume-head': resumeHead,
  hold,
  release,
  'await-removal': awaitRemoval,
  reserve,
  ioctl,
};
export const headObservations = { iopolicy, 'policy-message': policyMessage, order };
