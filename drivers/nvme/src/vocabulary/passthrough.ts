// SPDX-License-Identifier: GPL-2.0-only
import { guestHoldCdev, guestIoctl } from '../guest/words/ioctl.js';
import { modelHoldCdev, modelIoctl } from '../model/ioctl.js';
import { holdCdevArgs, ioctlArgs, type HoldCdevArgs, type IoctlArgs } from './ioctl-args.js';
import { ioctlNames } from './ioctls.js';
import { holdRef, resultRef, type NvmeStep } from './kinds.js';

const ioctl: NvmeStep<IoctlArgs> = {
  doc:
    'Sends an ioctl to the head’s block device or character device, newly opened or `through` a descriptor that is ' +
    'held, as root, and keeps `ok`, the errno name, or the number that came back in hexadecimal (a positive status of ' +
    `the device) for \`result-of\`. Commands: ${ioctlNames.join(', ')}.`,
  example: 'ioctl: { of: head, command: id, as: number }',
  args: ioctlArgs,
  refers: ({ through }) => (through === undefined ? [] : [holdRef(through)]),
  binds: ({ as }) => [resultRef(as)],
  model: modelIoctl,
  guest: guestIoctl,
};

const holdCdev: NvmeStep<HoldCdevArgs> = {
  doc: 'Opens the head’s character device and keeps the descriptor.',
  example: 'hold-cdev: h',
  args: holdCdevArgs,
  binds: ({ as }) => [holdRef(as)],
  model: modelHoldCdev,
  guest: guestHoldCdev,
};

export const passthroughSteps = { ioctl, 'hold-cdev': holdCdev };
