// SPDX-License-Identifier: GPL-2.0-only
import { noArgs, type NoArgs } from '@libmultipath/driver-kit';
import { guestAttributes } from '../guest/words/attributes.js';
import { guestLinks } from '../guest/words/links.js';
import { guestPaths } from '../guest/words/paths.js';
import { modelAttributes, modelLinks, modelPaths } from '../model/disks.js';
import { headOfArgs, type HeadOfArgs } from './args.js';
import { controllerRef, type NvmeObservation } from './kinds.js';

const paths: NvmeObservation<NoArgs> = {
  doc: 'The path disk of each attached controller: its name by pattern, whether it is hidden, its size, ANA or not.',
  example: 'observe: paths',
  args: noArgs,
  model: modelPaths,
  guest: guestPaths,
};

const links: NvmeObservation<HeadOfArgs> = {
  doc:
    'Controllers that the head’s `multipath/` links to, sorted; null: no head, or no such directory. Of which head, as ' +
    'with `head`.',
  example: 'observe: links',
  args: headOfArgs,
  refers: ({ of }) => (of === undefined ? [] : [controllerRef(of)]),
  model: modelLinks,
  guest: guestLinks,
};

const attributes: NvmeObservation<NoArgs> = {
  doc: 'Name and mode of the attributes, out of a fixed list, of the head and of the first path; null: there is none.',
  example: 'observe: attributes',
  args: noArgs,
  model: modelAttributes,
  guest: guestAttributes,
};

export const diskObservations = { paths, links, attributes };
