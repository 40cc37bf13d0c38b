// SPDX-License-Identifier: GPL-2.0-only
import { libV1, libV2, libV3 } from '@libmultipath/core';
import { kernelComments, type KernelComment } from './kernel-comments.js';

/** The posted revisions, as a driver receives them. */
const libraries: readonly Readonly<Record<string, unknown>>[] = [libV1, libV2, libV3];

/** One exported function in one revision, and what its doc comment says. */
export interface Row {
  readonly fn: string;
  readonly revision: string;
  readonly comment: KernelComment | undefined;
}

/** A class is a structure, not a function. */
const isStructure = (value: unknown): boolean => typeof value === 'function' && /^class\b/.test(String(value));

/** Every function, attribute group and table of operations that a revision exports. */
export const rows = (root: string): Row[] => {
  const comments = kernelComments(root, 'packages/core/src');
  return libraries.flatMap((library) => {
    const revision = String(library['revision']);
    return Object.entries(library)
      .filter(([name, value]) => name !== 'revision' && !isStructure(value))
      .map(([fn]) => ({
        fn,
        revision,
        comment: comments.find((comment) => comment.fn === fn && comment.revisions.includes(revision)),
      }));
  });
};

const heading = `# Like for like

Each function that libmultipath exports, the function of mainline NVMe native multipath (7.3) that does the same, and
the file of ours. Written from the doc comments by \`npx tsx docs/generate/write.ts\`; a test fails when a function
has no row.

| libmultipath | revisions | mainline NVMe | file |
|---|---|---|---|
`;

/** The page: rows of one function and one comment are joined. */
export const likeForLike = (root: string): string => {
  const joined = new Map<string, { fn: string; revisions: string[]; mainline: string; file: string }>();
  for (const { fn, revision, comment } of rows(root)) {
    const file = comment?.file ?? '';
    const known = joined.get(`${fn} ${file}`);
    if (known === undefined) {
      joined.set(`${fn} ${file}`, { fn, revisions: [revision], mainline: comment?.mainline ?? '', file });
    } else known.revisions.push(revision);
  }
  const lines = [...joined.values()]
    .sort((a, b) => (a.fn < b.fn ? -1 : a.fn > b.fn ? 1 : a.file < b.file ? -1 : 1))
    .map(({ fn, revisions, mainline, file }) => {
      const link = file === '' ? '' : `[${file.replace('packages/core/src/', '')}](../${file})`;
      return `| \`${fn}\` | ${revisions.join(', ')} | ${mainline} | ${link} |\n`;
    });
  return heading + lines.join('');
};
