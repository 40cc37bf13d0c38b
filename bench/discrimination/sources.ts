// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findSites, type Numbers } from './find-sites.js';
import type { Owner, Site } from './site.js';

/**
 * What predicts a released kernel: environments and mainline multipath. What a scenario’s words do to them
 * (`model/`) plays the hardware and the user, and is no claim about a kernel.
 */
const MODEL_FOLDERS = [
  'drivers/nvme/src/environment',
  'drivers/nvme/src/mainline',
  'drivers/nvme/src/features.ts',
  'drivers/scsi/src/environment',
  'drivers/scsi/src/dm-oracle',
  'drivers/scsi/src/features.ts',
  'drivers/virtio-blk/src/environment',
  'drivers/virtio-blk/src/oracle',
  'packages/dm-multipath/src',
];

/** A source file that mutants are made of. */
export interface Source {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
  /** Address under which its compiled form is imported. */
  readonly address: string;
  readonly sites: readonly Site[];
  readonly owners: readonly Owner[];
}

const isModel = (file: string): boolean =>
  file.endsWith('.ts') && !/\.test\.|\/testing\/|\/index\.ts$|\/errors\.ts$/.test(file);

const filesIn = (root: string, path: string): string[] => {
  if (!existsSync(join(root, path))) return [];
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesIn(root, `${path}/${name}`));
};

/** All sources of the models, with the places where a mutant can be made. */
export const modelSources = (root: string): Source[] => {
  const numbers: Numbers = { next: 0 };
  return MODEL_FOLDERS.flatMap((folder) => filesIn(root, folder))
    .filter(isModel)
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const compiled = file.replace('/src/', '/dist/').replace(/\.ts$/, '.js');
      return { file, text, address: pathToFileURL(join(root, compiled)).href, ...findSites(file, text, numbers) };
    });
};
