// SPDX-License-Identifier: GPL-2.0-only
import { guestHoldCdev, guestIoctl, guestRingCommand } from '../guest/words/ioctl.js';
import { modelHoldCdev, modelIoctl, modelRingCommand } from '../model/ioctl.js';
import { holdCdevArgs, ioctlArgs, ringArgs, type HoldCdevArgs, type IoctlArgs, type RingArgs } from './ioctl-args.js';
import { ioctlNames } from './ioctls.js';
import { holdRef, resultRef, type NvmeStep } from './kinds.js';
import { ringCommandNames } from './ring-commands.js';

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

const ringCommand: NvmeStep<RingArgs> = {
  doc:
    'Sends a command through an io_uring to the head’s character device (IORING_OP_URING_CMD), newly opened or `through` ' +
    'a descriptor that is held, as root, and keeps `ok`, the errno name, or the status of the device in hexadecimal for ' +
    `\`result-of\`. Commands: ${ringCommandNames.join(', ')}.`,
  example: 'ring-command: { command: flush, as: flushed }',
  args: ringArgs,
  refers: ({ through }) => (through === undefined ? [] : [holdRef(through)]),
  binds: ({ as }) => [resultRef(as)],
  model: modelRingCommand,
  guest: guestRingCommand,
};

export const passthroughSteps = { ioctl, 'hold-cdev': holdCdev, 'ring-command': ringCommand };
