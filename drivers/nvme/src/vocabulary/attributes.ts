// SPDX-License-Identifier: GPL-2.0-only
import { guestTryWrite } from '../guest/words/try-write.js';
import { guestValues } from '../guest/words/values.js';
import { modelTryWrite, modelValues } from '../model/attributes.js';
import { controllerRef, resultRef, type NvmeObservation, type NvmeStep } from './kinds.js';
import {
  labelOf,
  tryWriteArgs,
  valuesArgs,
  type AttributePlace,
  type TryWriteArgs,
  type ValuesArgs,
} from './place-args.js';

const controllersOf = (of: AttributePlace) => {
  const label = labelOf(of);
  return label === undefined ? [] : [controllerRef(label)];
};

const tryWrite: NvmeStep<TryWriteArgs> = {
  doc: 'Writes an attribute in sysfs and keeps `ok` or the errno name for `result-of`; ENOENT: there is none.',
  example: 'try-write: { of: head, attribute: delayed_removal_secs, value: x, as: refused }',
  args: tryWriteArgs,
  refers: ({ of }) => controllersOf(of),
  binds: (args) => [resultRef(args.as)],
  model: modelTryWrite,
  guest: guestTryWrite,
};

const values: NvmeObservation<ValuesArgs> = {
  doc:
    'Content of attributes in sysfs, to the byte, of the head, the subsystem, a path or a controller; an errno where one ' +
    'cannot be read; null: there is no such attribute, or no such directory.',
  example: 'observe: { values: { of: path c0, attributes: [ana_state, ana_grpid] } }',
  args: valuesArgs,
  refers: ({ of }) => controllersOf(of),
  model: modelValues,
  guest: guestValues,
};

export const attributeSteps = { 'try-write': tryWrite };
export const attributeObservations = { values };
