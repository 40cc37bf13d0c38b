// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Application } from 'typedoc';

/** The packages that somebody outside of this repository imports. */
const publicPackages = ['driver-kit', 'core', 'kernel', 'contract', 'checker', 'scenario', 'report'];

/** Options of typedoc-plugin-markdown, which typedoc's own type does not know. */
const markdown: object = {
  entryFileName: 'index',
  // A page each for nearly a thousand members would be most of the site.
  outputFileStrategy: 'modules',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
};

/**
 * Writes the API of the public packages as Markdown.
 * @param into nothing is removed there. It is named twice and kept, since typedoc would else clean `docs/` and write into it.
 * @throws Error where a source cannot be read
 */
export const writeApi = async (root: string, into: string): Promise<void> => {
  mkdirSync(into, { recursive: true });
  const application = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: publicPackages.map((name) => join(root, 'packages', name, 'src/index.ts')),
    tsconfig: join(root, 'docs/tsconfig.json'),
    outputs: [{ name: 'markdown', path: into }],
    out: into,
    cleanOutputDir: false,
    // tsc has checked them.
    skipErrorChecking: true,
    excludePrivate: true,
    excludeInternal: true,
    disableSources: true,
    readme: 'none',
    name: 'API',
    logLevel: 'Error',
    ...markdown,
  });
  const project = await application.convert();
  if (project === undefined) throw new Error('the sources of the packages could not be read');
  await application.generateOutputs(project);
};
