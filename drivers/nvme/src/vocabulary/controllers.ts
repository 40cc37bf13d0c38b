// SPDX-License-Identifier: GPL-2.0-only
import { guestAttach } from '../guest/words/attach.js';
import { guestDetach } from '../guest/words/detach.js';
import { modelAttach, modelDetach } from '../model/controllers.js';
import { attachArgs, detachArgs, type AttachArgs, type DetachArgs } from './args.js';
import { controllerRef, type NvmeStep } from './kinds.js';

const attach: NvmeStep<AttachArgs> = {
  doc:
    'Lets the kernel find a controller (several: at the same time), and waits until it is live, its namespaces are ' +
    'there and the partitions of a new head were looked for.',
  example: 'attach: c0',
  args: attachArgs,
  refers: ({ controllers }) => controllers.map(controllerRef),
  model: modelAttach,
  guest: guestAttach,
};

const detach: NvmeStep<DetachArgs> = {
  doc: 'Removes the PCI function in the orderly way (`device/remove`), and returns when the removal is done.',
  example: 'detach: c0',
  args: detachArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelDetach,
  guest: guestDetach,
};

export const controllerSteps = { attach, detach };
