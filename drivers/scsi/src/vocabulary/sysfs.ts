// SPDX-License-Identifier: GPL-2.0-only
import { noArgs, type NoArgs } from '@libmultipath/driver-kit';
import { dmPaths as dmPathsInGuest } from '../guest/over-dm.js';
import * as guest from '../guest/words/observe.js';
import { notInGuest } from '../guest/no-multipath.js';
import * as model from '../model/observe.js';
import { modelCounts } from '../model/counts.js';
import { guestCounts } from '../guest/words/counts.js';
import { attributeArgs, pathArgs, type AttributeArgs, type PathArgs } from './args.js';
import { pathRef, type ScsiObservation } from './kinds.js';

const head: ScsiObservation<NoArgs> = {
  doc: 'Whether there is a multipath device for the first path’s identification, what it and its disk are called, the size.',
  example: 'observe: head',
  args: noArgs,
  model: model.modelHead,
  guest: guest.guestHead,
};

const paths: ScsiObservation<NoArgs> = {
  doc: 'The disk of each attached path: its name by pattern, whether it is hidden, its size; null: sd has none.',
  example: 'observe: paths',
  args: noArgs,
  model: model.modelPaths,
  guest: guest.guestPaths,
};

const dmPaths: ScsiObservation<NoArgs> = {
  doc: 'What dm-multipath says of its paths: A or F, and how often each has failed; null: it is not there.',
  example: 'observe: dm-paths',
  args: noArgs,
  model: model.modelDmStatus,
  guest: dmPathsInGuest,
};

const members: ScsiObservation<NoArgs> = {
  doc: 'Attached paths by the multipath device that links to them; a path without one is alone.',
  example: 'observe: members',
  args: noArgs,
  model: model.modelMembers,
  guest: guest.guestMembers,
};

const groups: ScsiObservation<NoArgs> = {
  doc: 'Attached paths by what their page 0x83 identifies, which is what multipath would group them by.',
  example: 'observe: groups',
  args: noArgs,
  model: model.modelGroups,
  guest: guest.guestGroups,
};

const links: ScsiObservation<NoArgs> = {
  doc: 'Paths that the head disk’s `multipath/` links to, sorted; null: no head, or no such directory.',
  example: 'observe: links',
  args: noArgs,
  model: model.modelLinks,
  guest: () => Promise.resolve(null),
};

const ofEach = (
  name: string,
  attribute: string,
  look: (world: Parameters<typeof model.modelStates>[0]) => ReturnType<typeof model.modelStates>,
): ScsiObservation<NoArgs> => ({
  doc: `Content of \`${attribute}\` of each attached path’s device, or the name of an errno.`,
  example: `observe: ${name}`,
  args: noArgs,
  model: look,
  guest: guest.guestOfEach(attribute),
});

const numaNodes: ScsiObservation<NoArgs> = {
  doc: 'Content of `mpath_numa_nodes` of each attached path’s disk; null: this kernel has none.',
  example: 'observe: numa-nodes',
  args: noArgs,
  model: model.modelNumaNodes,
  guest: notInGuest('numa-nodes'),
};

const queueDepths: ScsiObservation<NoArgs> = {
  doc: 'Content of `mpath_queue_depth` of each attached path’s disk: commands that count at its host.',
  example: 'observe: queue-depths',
  args: noArgs,
  model: model.modelQueueDepths,
  guest: notInGuest('queue-depths'),
};

const attribute: ScsiObservation<AttributeArgs> = {
  doc: 'One attribute, of a path’s device or else its disk, or of the `head`; an errno name, or null: there is none.',
  example: 'observe: { attribute: { of: a, name: vendor } }',
  args: attributeArgs,
  refers: ({ of }) => (of === 'head' ? [] : [pathRef(of)]),
  model: model.modelAttribute,
  guest: guest.guestAttribute,
};

const counts: ScsiObservation<PathArgs> = {
  doc: 'Commands of the device since `mark-counts`: sent, answered, answered with an error, timed out.',
  example: 'observe: { counts: a }',
  args: pathArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelCounts,
  guest: guestCounts,
};

const attributes: ScsiObservation<NoArgs> = {
  doc: 'Name and mode of the attributes that are modelled, of the head, its disk, the first path and its disk; null: none.',
  example: 'observe: attributes',
  args: noArgs,
  model: model.modelAttributes,
  guest: notInGuest('attributes'),
};

export const sysfsObservations = {
  head,
  paths,
  members,
  groups,
  links,
  states: ofEach('states', 'state', model.modelStates),
  wwids: ofEach('wwids', 'wwid', model.modelWwids),
  'access-states': ofEach('access-states', 'access_state', model.modelAccessStates),
  'preferred-paths': ofEach('preferred-paths', 'preferred_path', model.modelPreferred),
  'numa-nodes': numaNodes,
  'queue-depths': queueDepths,
  'dm-paths': dmPaths,
  attribute,
  attributes,
  counts,
};
