// SPDX-License-Identifier: GPL-2.0-only
import { noArgs, type NoArgs } from '@libmultipath/driver-kit';
import { guestMessages } from '../guest/words/messages.js';
import { modelMessages } from '../model/messages.js';
import type { NvmeObservation } from './kinds.js';

const messages: NvmeObservation<NoArgs> = {
  doc:
    'What the kernel log said of paths, heads and controllers since the scenario began: each text once, sorted, ' +
    'devices and places on them replaced by what they are. How often is not said: the kernel limits that.',
  example: 'observe: messages',
  args: noArgs,
  model: modelMessages,
  guest: guestMessages,
};

export const messageObservations = { messages };
