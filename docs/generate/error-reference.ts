// SPDX-License-Identifier: GPL-2.0-only
import { nvmeErrors } from '@libmultipath/driver-nvme';
import { scsiErrors } from '@libmultipath/driver-scsi';
import { virtioErrors } from '@libmultipath/driver-virtio-blk';
import type { ErrorCatalogue } from '@libmultipath/errors';
import { catalogues } from '../../packages/cli/src/catalogues.js';
import { generated } from './markdown.js';

/** Every number, those of the drivers here too. */
export const everyError = (): ErrorCatalogue =>
  Object.assign({}, ...catalogues, nvmeErrors, scsiErrors, virtioErrors) as ErrorCatalogue; // catalogues are of one type

/** By the hundred. */
const owners = [
  'the simulated kernel',
  'the library',
  'drivers',
  'the checker',
  'scenarios',
  'comparing with a kernel',
  'contract checks',
  'virtual machines',
  'kernels and images',
  'the command line, reports',
];

const exits: Readonly<Record<number, string>> = {
  2: 'usage or environment',
  3: 'a kernel fault',
  70: 'a fault of this program',
};

const intro = `A failure that a user can meet has a number. It is printed in one shape:

\`\`\`text
LMP-nnn: where it went wrong: what was expected, and what was found
  → what to do
\`\`\`

\`mpath explain LMP-nnn\` prints the paragraph that stands here. An error marked *unsupported* makes the row of a verification
\`unsupported\`: the kernel cannot do what is asked at all.
`;

/** docs/reference/errors.md. */
export const errorReference = (): string => {
  const all = Object.entries(everyError()).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = owners.flatMap((owner, hundred) => {
    const own = all.filter(([number]) => number.charAt(4) === String(hundred));
    if (own.length === 0) return [];
    const entries = own.map(([number, { title, explain, exit, unsupported }]) => {
      const first = `**${title.charAt(0).toUpperCase()}${title.slice(1)}.** ${explain.trim()}`;
      const mark = unsupported === true ? '; *unsupported*' : '';
      return `### ${number}\n\n${first}\n\nExit ${String(exit)}: ${exits[exit] ?? ''}${mark}.\n`;
    });
    return [`## LMP-${String(hundred)}nn: ${owner}\n`, ...entries];
  });
  return [generated('Error numbers', 'the catalogues (src/errors.ts of each package)') + intro, ...parts].join('\n');
};
