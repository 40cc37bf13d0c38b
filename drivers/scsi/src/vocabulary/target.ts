// SPDX-License-Identifier: GPL-2.0-only
import { noArgs, type NoArgs } from '@libmultipath/driver-kit';
import { guestEndInjection, guestInject, guestInjected } from '../guest/words/inject.js';
import { guestAwaitAccessState, guestChangeGroup, guestResize, guestSetTransport } from '../guest/words/target.js';
import { notInGuest } from '../guest/no-multipath.js';
import {
  modelAwaitAccessState,
  modelChangeGroup,
  modelEndInjection,
  modelInject,
  modelInjected,
  modelResize,
  modelSetTransport,
  modelUnitAttention,
} from '../model/target.js';
import {
  awaitAccessStateArgs,
  changeGroupArgs,
  injectArgs,
  pathArgs,
  resizeArgs,
  setTransportArgs,
  unitAttentionArgs,
  type AwaitAccessStateArgs,
  type ChangeGroupArgs,
  type InjectArgs,
  type PathArgs,
  type ResizeArgs,
  type SetTransportArgs,
  type UnitAttentionArgs,
} from './args.js';
import { groupRef, pathRef, unitRef, type ScsiObservation, type ScsiStep } from './kinds.js';

const changeGroup: ScsiStep<ChangeGroupArgs> = {
  doc:
    'The array changes access state or preferred bit of a group; with another state each of its paths has a unit ' +
    'attention pending, unless `told` is false.',
  example: 'change-group: { group: g, state: standby }',
  args: changeGroupArgs,
  refers: ({ group }) => [groupRef(group)],
  model: modelChangeGroup,
  guest: guestChangeGroup,
};

const awaitAccessState: ScsiStep<AwaitAccessStateArgs> = {
  doc: 'Waits until the device handler has found the path’s group in this state, and preferred or not where that is said.',
  example: 'await-access-state: { path: a, is: standby }',
  args: awaitAccessStateArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelAwaitAccessState,
  guest: guestAwaitAccessState,
};

const unitAttention: ScsiStep<UnitAttentionArgs> = {
  doc: 'The next command of a path that reports one is answered with this unit attention: asc, ascq.',
  example: 'unit-attention: { path: a, code: [41, 0] }',
  args: unitAttentionArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelUnitAttention,
  guest: notInGuest('unit-attention'),
};

const inject: ScsiStep<InjectArgs> = {
  doc: 'The next reads and writes of a path end so: host byte, status byte, sense (key, asc, ascq), or `no-answer`.',
  example: 'inject: { path: a, completion: { sense: [3, 17, 0] }, count: 1 }',
  args: injectArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelInject,
  guest: guestInject,
};

const endInjection: ScsiStep<PathArgs> = {
  doc: 'Takes back the injected completions of a path that are left.',
  example: 'end-injection: a',
  args: pathArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelEndInjection,
  guest: guestEndInjection,
};

const setTransport: ScsiStep<SetTransportArgs> = {
  doc: 'Every command of a path ends with this host byte; the short form ends that.',
  example: 'set-transport: { path: a, host: 14 }',
  args: setTransportArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelSetTransport,
  guest: guestSetTransport,
};

const resize: ScsiStep<ResizeArgs> = {
  doc: 'The unit changes its size; whoever is to know it has to ask (`rescan`).',
  example: 'resize: { unit: u, sizeMiB: 64 }',
  args: resizeArgs,
  refers: ({ unit }) => [unitRef(unit)],
  model: modelResize,
  guest: guestResize,
};

const injected: ScsiObservation<NoArgs> = {
  doc: 'How many injected completions of each path are left.',
  example: 'observe: injected',
  args: noArgs,
  model: modelInjected,
  guest: guestInjected,
};

export const targetSteps = {
  'change-group': changeGroup,
  'await-access-state': awaitAccessState,
  'unit-attention': unitAttention,
  inject,
  'end-injection': endInjection,
  'set-transport': setTransport,
  resize,
};
export const targetObservations = { injected };
