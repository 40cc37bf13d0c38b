// SPDX-License-Identifier: GPL-2.0-only
import { noArgs, type NoArgs } from '@libmultipath/driver-kit';
import { guestHoldController, guestLoadTransport, guestUnloadTransport } from '../guest/words/transport.js';
import { modelHoldController, modelLoadTransport, modelUnloadTransport } from '../model/transport.js';
import { controllerRef, holdRef, resultRef, type NvmeStep } from './kinds.js';
import { holdControllerArgs, unloadArgs, type HoldControllerArgs, type UnloadArgs } from './transport-args.js';

const unloadTransport: NvmeStep<UnloadArgs> = {
  doc:
    'Unloads the module nvme-tcp, as rmmod does (`transport: tcp`), and keeps `ok` or the errno name for `result-of`. ' +
    'Every connection is deleted before it returns.',
  example: 'unload-transport: { as: unloaded }',
  args: unloadArgs,
  binds: ({ as }) => [resultRef(as)],
  model: modelUnloadTransport,
  guest: guestUnloadTransport,
};

const loadTransport: NvmeStep<NoArgs> = {
  doc: 'Loads the module that `unload-transport` has unloaded. No controller comes by that: `attach` connects.',
  example: 'load-transport:',
  args: noArgs,
  model: modelLoadTransport,
  guest: guestLoadTransport,
};

const holdController: NvmeStep<HoldControllerArgs> = {
  doc: 'Opens the character device of a controller and keeps the descriptor.',
  example: 'hold-controller: { controller: c0, as: h }',
  args: holdControllerArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  binds: ({ as }) => [holdRef(as)],
  model: modelHoldController,
  guest: guestHoldController,
};

export const transportSteps = {
  'unload-transport': unloadTransport,
  'load-transport': loadTransport,
  'hold-controller': holdController,
};
