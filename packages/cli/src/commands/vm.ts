// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand, buildRouteMap } from '@stricli/core';
import { cacheDirOf, listKernels, resolveKernel } from '@libmultipath/vm-images';
import { running, viewOn, type CliContext } from '../context.js';
import { examine } from '../doctor.js';
import { text, type NoFlags } from './flags.js';

const listCommand = buildCommand<NoFlags, [], CliContext>({
  docs: { brief: 'List the kernels by name, and which are cached' },
  parameters: {},
  func(this: CliContext) {
    return running(this, async () => {
      for (const kernel of await listKernels(cacheDirOf(this.env))) {
        const size = kernel.sizeBytes === undefined ? '' : ` ${String(Math.round(kernel.sizeBytes / 1e6))} MB`;
        const state = kernel.cached ? `cached ${kernel.release ?? ''}${size}` : 'not cached';
        this.process.stdout.write(
          `${kernel.name.padEnd(8)} ${kernel.suite.padEnd(18)} ${kernel.flavour.padEnd(12)} ${state}\n`,
        );
      }
      return 0;
    });
  },
});

const fetchCommand = buildCommand<{ readonly refresh: boolean }, string[], CliContext>({
  docs: { brief: 'Fetch kernels into the cache' },
  parameters: {
    positional: {
      kind: 'array',
      parameter: { brief: 'Names; latest unless given', parse: text, placeholder: 'kernel' },
    },
    flags: {
      refresh: { kind: 'boolean', default: false, withNegated: false, brief: 'Ask the archive although one is cached' },
    },
  },
  func(this: CliContext, { refresh }, ...names) {
    return running(this, async () => {
      const view = viewOn(this, this.process.stdout);
      const cacheDir = cacheDirOf(this.env);
      try {
        for (const name of names.length === 0 ? ['latest'] : names) {
          const title = `kernel ${name}`;
          const begin = this.now();
          view.report({ type: 'stage', title });
          const progress = (line: string): void => view.report({ type: 'progress', text: line });
          const kernel = await resolveKernel({ kind: 'name', name }, { cacheDir, refresh, verify: true, progress });
          view.report({ type: 'stage-done', title, seconds: this.now() - begin, detail: kernel.release });
        }
      } finally {
        view.end();
      }
      return 0;
    });
  },
});

const doctorCommand = buildCommand<NoFlags, [], CliContext>({
  docs: { brief: 'Say what is missing here, and the command that mends it' },
  parameters: {},
  func(this: CliContext) {
    return running(this, async () => {
      const { lines, missing } = await examine(this.env);
      this.process.stdout.write(`${lines.join('\n')}\n`);
      return missing ? 2 : 0;
    });
  },
});

export const vmRoutes = buildRouteMap({
  routes: { list: listCommand, fetch: fetchCommand, doctor: doctorCommand },
  docs: { brief: 'Kernels, images and what this machine lacks' },
});
