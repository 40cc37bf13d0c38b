// SPDX-License-Identifier: GPL-2.0-only
import { noArgs, type NoArgs } from '@libmultipath/driver-kit';
import { guestActivate } from '../guest/words/activate.js';
import { guestAttach } from '../guest/words/attach.js';
import { guestDetach } from '../guest/words/detach.js';
import { guestRescan } from '../guest/words/rescan.js';
import { guestLoadSd, guestUnloadSd } from '../guest/words/sd-module.js';
import { guestUnplug } from '../guest/words/unplug.js';
import { guestSetState } from '../guest/words/set-state.js';
import { guestReinstate } from '../guest/words/head.js';
import { guestMarkCounts } from '../guest/words/counts.js';
import { guestWriteAttribute } from '../guest/words/write-attribute.js';
import { modelMarkCounts } from '../model/counts.js';
import { notInGuest } from '../guest/no-multipath.js';
import { modelLoadSd, modelUnloadSd } from '../model/sd-module.js';
import {
  modelActivate,
  modelAttach,
  modelBlock,
  modelDetach,
  modelReinstate,
  modelRemoveHost,
  modelRescan,
  modelSetState,
  modelUnblock,
  modelUnplug,
  modelWriteAttribute,
} from '../model/devices.js';
import {
  hostArgs,
  pathArgs,
  pathsArgs,
  setStateArgs,
  unblockArgs,
  unloadArgs,
  writeAttributeArgs,
  type HostArgs,
  type PathArgs,
  type PathsArgs,
  type SetStateArgs,
  type UnblockArgs,
  type UnloadArgs,
  type WriteAttributeArgs,
} from './args.js';
import { hostRef, pathRef, resultRef, type ScsiStep } from './kinds.js';

const attach: ScsiStep<PathsArgs> = {
  doc: 'Adds the path’s host if it is not there and scans the path (several: at the same time), until its disk is there.',
  example: 'attach: a',
  args: pathsArgs,
  refers: ({ paths }) => paths.map(pathRef),
  model: modelAttach,
  guest: guestAttach,
};

const detach: ScsiStep<PathsArgs> = {
  doc: 'Deletes the device (`device/delete`; several: at the same time), and returns when the removal is done.',
  example: 'detach: a',
  args: pathsArgs,
  refers: ({ paths }) => paths.map(pathRef),
  model: modelDetach,
  guest: guestDetach,
};

const unplug: ScsiStep<PathArgs> = {
  doc: 'Pulls the disk out of the machine: whatever is sent to it fails, and its adapter has it deleted; returns when it is gone. An `attach` puts it in again.',
  example: 'unplug: a',
  args: pathArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelUnplug,
  guest: guestUnplug,
};

const removeHost: ScsiStep<HostArgs> = {
  doc: 'Removes the host with every path on it, and returns when that is done.',
  example: 'remove-host: a',
  args: hostArgs,
  refers: ({ host }) => [hostRef(host)],
  model: modelRemoveHost,
  guest: notInGuest('remove-host'),
};

const rescan: ScsiStep<PathArgs> = {
  doc: 'Writes the device’s `rescan`: pages, port group and size are read again.',
  example: 'rescan: a',
  args: pathArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelRescan,
  guest: guestRescan,
};

const activate: ScsiStep<PathArgs> = {
  doc: 'Writes `activate` to the device’s `dh_state`: the handler asks the array about its groups, and goes on doing it.',
  example: 'activate: a',
  args: pathArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelActivate,
  guest: guestActivate,
};

const setState: ScsiStep<SetStateArgs> = {
  doc: 'Writes the device’s `state`; the kernel must take it, unless `as` keeps what comes of it for `result-of`.',
  example: 'set-state: { path: a, state: offline }',
  args: setStateArgs,
  refers: ({ path }) => [pathRef(path)],
  binds: ({ as }) => (as === undefined ? [] : [resultRef(as)]),
  model: modelSetState,
  guest: guestSetState,
};

const block: ScsiStep<PathArgs> = {
  doc: 'The transport has lost the device for the moment: what is sent waits.',
  example: 'block: a',
  args: pathArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelBlock,
  guest: notInGuest('block'),
};

const unblock: ScsiStep<UnblockArgs> = {
  doc: 'The transport has the device again, or (`to: transport-offline`) gives it up.',
  example: 'unblock: { path: a, to: transport-offline }',
  args: unblockArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelUnblock,
  guest: notInGuest('unblock'),
};

const writeAttribute: ScsiStep<WriteAttributeArgs> = {
  doc: 'Writes an attribute of the device; keeps what comes of it, `ok` or an errno name, for `result-of`.',
  example: "write-attribute: { of: a, name: queue_depth, value: '4', as: w }",
  args: writeAttributeArgs,
  refers: ({ of }) => [pathRef(of)],
  binds: ({ as }) => [resultRef(as)],
  model: modelWriteAttribute,
  guest: guestWriteAttribute,
};

const reinstate: ScsiStep<PathArgs> = {
  doc: 'Says to dm-multipath that a path may be used again; where the kernel has its own multipath, nobody need say it.',
  example: 'reinstate: a',
  args: pathArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelReinstate,
  guest: guestReinstate,
};

const markCounts: ScsiStep<PathArgs> = {
  doc: 'Keeps how many commands the device has had, for `counts`.',
  example: 'mark-counts: a',
  args: pathArgs,
  refers: ({ path }) => [pathRef(path)],
  model: modelMarkCounts,
  guest: guestMarkCounts,
};

const unloadSd: ScsiStep<UnloadArgs> = {
  doc: 'Unloads the module sd_mod, as rmmod does, and keeps `ok` or the errno name: the devices stay, without disks.',
  example: 'unload-sd: u',
  args: unloadArgs,
  binds: ({ as }) => [resultRef(as)],
  model: modelUnloadSd,
  guest: guestUnloadSd,
};

const loadSd: ScsiStep<NoArgs> = {
  doc: 'Loads the module that `unload-sd` has unloaded; returns when each attached path has a disk again.',
  example: 'load-sd:',
  args: noArgs,
  model: modelLoadSd,
  guest: guestLoadSd,
};

export const deviceSteps = {
  'unload-sd': unloadSd,
  'load-sd': loadSd,
  'write-attribute': writeAttribute,
  'mark-counts': markCounts,
  reinstate,
  attach,
  detach,
  unplug,
  'remove-host': removeHost,
  rescan,
  activate,
  'set-state': setState,
  block,
  unblock,
};
