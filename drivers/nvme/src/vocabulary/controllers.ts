// SPDX-License-Identifier: GPL-2.0-only
import { guestAttach } from '../guest/words/attach.js';
import { guestDetach } from '../guest/words/detach.js';
import { guestMute, guestPlug, guestPull, guestUnplug } from '../guest/words/plug.js';
import { modelAttach, modelDetach, modelMute, modelPlug, modelPull, modelUnplug } from '../model/controllers.js';
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

const unplug: NvmeStep<DetachArgs> = {
  doc:
    'The machine takes the PCI function out of its slot (QMP `device_del`): the firmware tells the kernel, which removes it ' +
    'in the orderly way. Returns when it is out. Not with `transport: tcp`.',
  example: 'unplug: c0',
  args: detachArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelUnplug,
  guest: guestUnplug,
};

const pull: NvmeStep<DetachArgs> = {
  doc:
    'The link to the PCI function is down, as when somebody has pulled it out, and the kernel removes what it can no longer ' +
    'reach (`device/remove`). Returns when it has; `attach` finds the function again. Not with `transport: tcp`.',
  example: 'pull: c0',
  args: detachArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelPull,
  guest: guestPull,
};

const mute: NvmeStep<DetachArgs> = {
  doc:
    'The PCI function no longer reaches the memory: it takes nothing of what it is given, and answers nothing. The kernel ' +
    'resets it when a command has waited for 30 seconds. Not with `transport: tcp`.',
  example: 'mute: c0',
  args: detachArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelMute,
  guest: guestMute,
};

const plug: NvmeStep<DetachArgs> = {
  doc:
    'The machine puts the PCI function that `unplug` has taken out into its slot again, and the kernel finds it by ' +
    'itself; waits as `attach` does.',
  example: 'plug: c0',
  args: detachArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelPlug,
  guest: guestPlug,
};

export const controllerSteps = { attach, detach, unplug, pull, mute, plug };
