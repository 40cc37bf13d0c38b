// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Site } from './site.js';

const HEAD = `# SPDX-License-Identifier: GPL-2.0-only
# The mutants of the draw that is explained, one a line: npm run bench -- discrimination --write
# A scenario more or a line moved leaves the draw as it is; what is gone from the sources is replaced by chance.
`;

/** Keys of the mutants that were drawn, in the order in which they are tried. */
export const readDrawn = (file: string): string[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
    : [];

/** Sites of these keys, those that are there, in the order of the keys. */
export const sitesOf = (keys: readonly string[], sites: Iterable<Site>): Site[] => {
  const byKey = new Map([...sites].map((site) => [site.key, site]));
  return keys.flatMap((key) => byKey.get(key) ?? []);
};

export const writeDrawn = (file: string, sites: readonly Site[]): void =>
  writeFileSync(file, `${HEAD}${sites.map(({ key }) => key).join('\n')}\n`);
