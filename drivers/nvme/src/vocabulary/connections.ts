// SPDX-License-Identifier: GPL-2.0-only
import {
  guestAwaitAnatt,
  guestAwaitFailfast,
  guestAwaitLoss,
  guestTargetOff,
  guestTargetOn,
} from '../guest/words/connections.js';
import {
  modelAwaitAnatt,
  modelAwaitFailfast,
  modelAwaitLoss,
  modelTargetOff,
  modelTargetOn,
} from '../model/connections.js';
import { controllerRef, type NvmeStep } from './kinds.js';
import { resetArgs, type ResetArgs } from './target-args.js';

const targetOff: NvmeStep<ResetArgs> = {
  doc:
    'The port of a controller serves nobody (`transport: tcp`): connections end, and new ones are refused. Waits until ' +
    'the kernel tries to connect again.',
  example: 'target-off: c0',
  args: resetArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelTargetOff,
  guest: guestTargetOff,
};

const targetOn: NvmeStep<ResetArgs> = {
  doc:
    'The port of a controller serves again (`transport: tcp`). Waits until the controller, where the kernel has not ' +
    'given it up, is live and has scanned.',
  example: 'target-on: c0',
  args: resetArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelTargetOn,
  guest: guestTargetOn,
};

const awaitFailfast: NvmeStep<ResetArgs> = {
  doc: 'Waits until the `fast_io_fail_tmo` of a controller that is connecting is over.',
  example: 'await-failfast: c0',
  args: resetArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelAwaitFailfast,
  guest: guestAwaitFailfast,
};

const awaitLoss: NvmeStep<ResetArgs> = {
  doc: 'Waits until the kernel has given up a controller whose target is off (`ctrl_loss_tmo`), and removed it.',
  example: 'await-loss: c0',
  args: resetArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelAwaitLoss,
  guest: guestAwaitLoss,
};

const awaitAnatt: NvmeStep<ResetArgs> = {
  doc:
    'Waits until the kernel has reset a controller one of whose ANA groups changes for too long (twice the ANATT), and ' +
    'it is live again and has scanned. Some 20 seconds.',
  example: 'await-anatt: c0',
  args: resetArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelAwaitAnatt,
  guest: guestAwaitAnatt,
};

export const connectionSteps = {
  'target-off': targetOff,
  'target-on': targetOn,
  'await-failfast': awaitFailfast,
  'await-loss': awaitLoss,
  'await-anatt': awaitAnatt,
};
