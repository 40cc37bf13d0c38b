// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../generate/markdown.js';

/** Lists of known findings: title, and folder. */
const lists = [
  ['The library', 'packages/core/findings'],
  ['NVMe', 'drivers/nvme/findings'],
  ['SCSI', 'drivers/scsi/findings'],
  ['virtio-blk', 'drivers/virtio-blk/findings'],
] as const;

interface Known {
  readonly id: string;
  readonly revisions: readonly string[];
  readonly title: string;
  readonly status: string;
  readonly reporter: string;
}

/** Of the list whose shape `mpath check` holds (LMP-324 to LMP-326). */
const knownIn = (root: string, folder: string): readonly Known[] => {
  const list = JSON.parse(readFileSync(join(root, folder, 'findings.json'), 'utf8')) as {
    readonly findings: readonly Known[];
  };
  return list.findings;
};

export const isFindingsMark = (line: string): boolean => line === '<!-- site: findings -->';

/** Every known finding, by driver, with the models it shows on. */
export const findingsTable = (root: string): string =>
  lists
    .map(([title, folder]) => {
      const rows = knownIn(root, folder).map(({ id, revisions, title: what, status, reporter }) => [
        // A link as a page of docs/ has it: staging leads it to the page in the site.
        existsSync(join(root, folder, `${id}.md`)) ? `[${id}](../${folder}/${id}.md)` : id,
        what,
        revisions.join(' '),
        status,
        reporter,
      ]);
      const heads = ['finding', 'what', 'shows on', 'status', 'reported by'];
      return `## ${title}\n\n${String(rows.length)} findings.\n\n${table(heads, rows)}`;
    })
    .join('\n');
