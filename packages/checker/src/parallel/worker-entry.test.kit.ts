// SPDX-License-Identifier: GPL-2.0-only
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { ProgramSource, Json } from './program-source.js';
import type { WorkerEntry } from './worker-lane.js';

const at = (file: string): string => new URL(file, import.meta.url).href;
/** Its module for `import`, beside the one that `require` finds. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href.replace(/\.cjs$/, '.mjs');

/** Threads that run this package's sources: a test needs no build. */
export const fromSource: WorkerEntry = {
  url: new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { register } from ${JSON.stringify(tsx)};\nregister();\nawait import(${JSON.stringify(at('./unit-worker.ts'))});`,
    )}`,
  ),
  execArgv: ['--conditions=@libmultipath/source'],
};

/** A program of `toy-programs.test.kit.ts`. */
export const toyProgram = (name: string, args?: Json): ProgramSource => ({
  module: at('./toy-programs.test.kit.ts'),
  export: name,
  ...(args === undefined ? {} : { args }),
});
