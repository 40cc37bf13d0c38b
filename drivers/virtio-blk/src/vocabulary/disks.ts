// SPDX-License-Identifier: GPL-2.0-only
import { label, noArgs, type NoArgs } from '@libmultipath/driver-kit';
import { guestAttach, guestDetach, guestDisks, guestHead } from '../guest/disks.js';
import { setDelay } from '../guest/daemon.js';
import { guestOrder, guestReinstate, guestSetIopolicy } from '../guest/settings.js';
import {
  modelAttach,
  modelDetach,
  modelDisks,
  modelHead,
  modelOrder,
  modelSetDelayedRemoval,
  modelSetIopolicy,
  modelSetUsable,
} from '../model/disks.js';
import { policy, seconds, type Policy } from './args.js';
import { diskRef, type VirtioObservation, type VirtioStep } from './kinds.js';

const attach: VirtioStep<string> = {
  doc: 'Plugs a disk in, and waits until it is a path of the multipath disk.',
  example: 'attach: p0',
  args: label,
  refers: (disk) => [diskRef(disk)],
  model: modelAttach,
  guest: guestAttach,
};

const detach: VirtioStep<string> = {
  doc: 'Unplugs a disk in the orderly way, and returns when its removal is done.',
  example: 'detach: p0',
  args: label,
  refers: (disk) => [diskRef(disk)],
  model: modelDetach,
  guest: guestDetach,
};

const reinstate: VirtioStep<string> = {
  doc: 'Puts a path back that was taken out of use because a request on it had failed.',
  example: 'reinstate: p0',
  args: label,
  refers: (disk) => [diskRef(disk)],
  model: (world, disk) => modelSetUsable(world, disk, true),
  guest: guestReinstate,
};

const setDelayedRemoval: VirtioStep<number> = {
  doc: 'So many seconds I/O waits after the last path has gone; 0: it fails at once.',
  example: 'set-delayed-removal: $window',
  args: seconds,
  model: modelSetDelayedRemoval,
  guest: setDelay,
};

const setIopolicy: VirtioStep<Policy> = {
  doc: 'How a path is chosen: `numa` (without nodes: the first, until it fails) or `round-robin`.',
  example: 'set-iopolicy: round-robin',
  args: policy,
  model: modelSetIopolicy,
  guest: guestSetIopolicy,
};

const disks: VirtioObservation<NoArgs> = {
  doc: 'Each disk that is plugged in: its name by pattern, its serial, its size.',
  example: 'observe: disks',
  args: noArgs,
  model: modelDisks,
  guest: guestDisks,
};

const head: VirtioObservation<NoArgs> = {
  doc: 'Whether there is a multipath disk, and its size.',
  example: 'observe: head',
  args: noArgs,
  model: modelHead,
  guest: guestHead,
};

const order: VirtioObservation<NoArgs> = {
  doc: 'In their order: `expired` (the time without a path is over), `returned` (a path came after the last had gone).',
  example: 'observe: order',
  args: noArgs,
  model: modelOrder,
  guest: guestOrder,
};

export const diskSteps = {
  attach,
  detach,
  reinstate,
  'set-delayed-removal': setDelayedRemoval,
  'set-iopolicy': setIopolicy,
};
export const diskObservations = { disks, head, order };
