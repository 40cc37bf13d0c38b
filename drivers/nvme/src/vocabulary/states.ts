// SPDX-License-Identifier: GPL-2.0-only
import { label } from '@libmultipath/driver-kit';
import { guestRescan } from '../guest/words/rescan.js';
import { guestEntered, guestStates } from '../guest/words/states.js';
import { modelEntered, modelStates } from '../model/states.js';
import { modelRescan } from '../model/target.js';
import { controllerRef, type NvmeObservation, type NvmeStep } from './kinds.js';
import { resetArgs, type ResetArgs } from './target-args.js';

const rescan: NvmeStep<ResetArgs> = {
  doc: 'Writes `rescan_controller`, and waits until the controller has scanned its namespaces.',
  example: 'rescan: c0',
  args: resetArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelRescan,
  guest: guestRescan,
};

const states: NvmeObservation<string> = {
  doc:
    'States that the controller was to enter since the scenario began, in their order, also those that were refused ' +
    '(calls of `nvme_change_ctrl_state`). Not for controllers that were attached at the same time as others.',
  example: 'observe: { states: c0 }',
  args: label,
  refers: (name) => [controllerRef(name)],
  model: modelStates,
  guest: guestStates,
};

const entered: NvmeObservation<string> = {
  doc:
    'States that the controller entered since the scenario began, in their order: `states` without those that were ' +
    'refused. Not for controllers that were attached at the same time as others.',
  example: 'observe: { entered: c0 }',
  args: label,
  refers: (name) => [controllerRef(name)],
  model: modelEntered,
  guest: guestEntered,
};

export const rescanSteps = { rescan };
export const stateObservations = { states, entered };
