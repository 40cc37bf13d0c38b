// SPDX-License-Identifier: GPL-2.0-only
import { noArgs, type NoArgs } from '@libmultipath/driver-kit';
import { guestAllowHost, guestDenyHost } from '../guest/words/hosts.js';
import { guestDisableNamespace, guestEnableNamespace } from '../guest/words/namespaces.js';
import { guestReset } from '../guest/words/reset.js';
import { guestSetAna } from '../guest/words/set-ana.js';
import {
  modelAllowHost,
  modelDenyHost,
  modelDisableNamespace,
  modelEnableNamespace,
  modelReset,
  modelSetAna,
} from '../model/target.js';
import { controllerRef, type NvmeStep } from './kinds.js';
import {
  namespaceArgs,
  resetArgs,
  setAnaArgs,
  type NamespaceArgs,
  type ResetArgs,
  type SetAnaArgs,
} from './target-args.js';

const setAna: NvmeStep<SetAnaArgs> = {
  doc:
    'An ANA group changes its state on the port of a controller (`transport: tcp`), and the kernel hears of it; waits ' +
    'until the paths of the controller show it.',
  example: 'set-ana: { controller: c0, state: inaccessible }',
  args: setAnaArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelSetAna,
  guest: guestSetAna,
};

const disableNamespace: NvmeStep<NamespaceArgs> = {
  doc: 'The target takes a namespace away (`transport: tcp`); waits until every controller has scanned.',
  example: 'disable-namespace: 1',
  args: namespaceArgs,
  model: modelDisableNamespace,
  guest: guestDisableNamespace,
};

const enableNamespace: NvmeStep<NamespaceArgs> = {
  doc: 'The target shows a namespace again (`transport: tcp`); waits until every controller has scanned.',
  example: 'enable-namespace: 1',
  args: namespaceArgs,
  model: modelEnableNamespace,
  guest: guestEnableNamespace,
};

const reset: NvmeStep<ResetArgs> = {
  doc: 'Writes `reset_controller`; the kernel must take it. Waits until the controller is live again and has scanned.',
  example: 'reset: c0',
  args: resetArgs,
  refers: ({ controller }) => [controllerRef(controller)],
  model: modelReset,
  guest: guestReset,
};

const denyHost: NvmeStep<NoArgs> = {
  doc: 'The target takes no new connection of this host any more (`transport: tcp`); those that are there stay.',
  example: 'deny-host:',
  args: noArgs,
  model: modelDenyHost,
  guest: guestDenyHost,
};

const allowHost: NvmeStep<NoArgs> = {
  doc: 'The target takes connections of every host again (`transport: tcp`).',
  example: 'allow-host:',
  args: noArgs,
  model: modelAllowHost,
  guest: guestAllowHost,
};

export const targetSteps = {
  'deny-host': denyHost,
  'allow-host': allowHost,
  'set-ana': setAna,
  'disable-namespace': disableNamespace,
  'enable-namespace': enableNamespace,
  reset,
};
