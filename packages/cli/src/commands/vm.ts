// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand, buildRouteMap } from '@stricli/core';
import { cacheDirOf, cacheKey, listKernels, resolveKernel } from '@libmultipath/vm-images';
import type { BootFlags } from '../boot/run-boot.js';
import { proposals } from '../completion/propose.js';
import { running, viewOn, type CliContext } from '../context.js';
import { examine } from '../doctor.js';
import { levelFlags, levelOf, type LevelFlags } from '../level.js';
import { text, type NoFlags } from './flags.js';

const listCommand = buildCommand<{ readonly key: boolean }, [], CliContext>({
  docs: {
    brief: 'List the kernels by name, and which are cached',
    fullDescription:
      'List the kernels by name, and which are cached. With --key: one line, under which a CI\n' +
      'saves the cache; it changes when what would be cached does.\n\nExample: mpath vm list',
  },
  parameters: {
    flags: { key: { kind: 'boolean', default: false, withNegated: false, brief: 'Print the key of the cache only' } },
  },
  func(this: CliContext, { key }) {
    return running(this, async () => {
      if (key) {
        this.process.stdout.write(`${cacheKey()}\n`);
        return 0;
      }
      const kernels = await listKernels(cacheDirOf(this.env));
      this.process.stdout.write(`${'NAME'.padEnd(13)} ${'SUITE'.padEnd(18)} ${'FLAVOUR'.padEnd(12)} CACHE\n`);
      for (const kernel of kernels) {
        const size = kernel.sizeBytes === undefined ? '' : ` ${String(Math.round(kernel.sizeBytes / 1e6))} MB`;
        const state = kernel.cached ? `cached ${kernel.release ?? ''}${size}` : 'not cached';
        this.process.stdout.write(
          `${kernel.name.padEnd(13)} ${kernel.suite.padEnd(18)} ${kernel.flavour.padEnd(12)} ${state}\n`,
        );
      }
      return 0;
    });
  },
});

const fetchCommand = buildCommand<{ readonly refresh: boolean } & LevelFlags, string[], CliContext>({
  docs: {
    brief: 'Fetch kernels into the cache',
    fullDescription:
      'Fetch kernels into the cache (MPATH_CACHE), from the Debian archive that this\nmachine’s apt uses. Nothing is installed. Exit: 0 all are there, 2 one cannot\nbe had.\n\nExample: mpath vm fetch 6.1 7.3',
  },
  parameters: {
    positional: {
      kind: 'array',
      parameter: { brief: 'Names; latest unless given', parse: text, placeholder: 'kernel' },
    },
    flags: {
      refresh: { kind: 'boolean', default: false, withNegated: false, brief: 'Ask the archive although one is cached' },
      ...levelFlags,
    },
  },
  func(this: CliContext, { refresh, ...flags }, ...names) {
    return running(this, async () => {
      const view = viewOn(this, this.process.stdout, { level: levelOf(flags) });
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
  docs: {
    brief: 'Say what is missing here, and the command that mends it',
    fullDescription:
      'Say what is missing here for live machines, and the command that mends it.\nExit: 0 nothing is missing, 2 something is.\n\nExample: mpath vm doctor',
  },
  parameters: {},
  func(this: CliContext) {
    return running(this, async () => {
      const { lines, missing } = await examine(this.env, process.getuid?.() === 0);
      this.process.stdout.write(`${lines.join('\n')}\n`);
      return missing ? 2 : 0;
    });
  },
});

const bootCommand = buildCommand<BootFlags, [kernel?: string], CliContext>({
  docs: {
    brief: 'Boot a kernel and talk to the guest’s agent',
    fullDescription:
      'Boots a kernel, with the devices of a scenario where one is named, and takes lines:\n' +
      '`cat PATH`, `ls PATH`, `write PATH TEXT`, or any operation of the guest’s agent. There is\n' +
      'no shell in the guest. Lines may come from a pipe.\n' +
      'Exit: 0 it was powered off, 2 environment, 3 a kernel fault.\n\n' +
      'Example: mpath vm boot 7.3 --scenario round-robin-alternates',
  },
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'A name (mpath vm list), latest (default), host, or a bzImage',
          parse: text,
          placeholder: 'kernel',
          optional: true,
        },
      ],
    },
    flags: {
      scenario: {
        kind: 'parsed',
        parse: text,
        optional: true,
        placeholder: 'scenario',
        brief: 'With its devices',
        proposeCompletions: proposals.scenarios,
      },
      modules: {
        kind: 'parsed',
        parse: text,
        optional: true,
        placeholder: 'dir',
        brief: 'Its modules, where the kernel is a bzImage',
      },
    },
  },
  loader: async () => {
    const { runBoot } = await import('../boot/run-boot.js');
    return function (this: CliContext, flags, kernel) {
      return runBoot(this, flags, kernel);
    };
  },
});

export const vmRoutes = buildRouteMap({
  routes: { list: listCommand, fetch: fetchCommand, boot: bootCommand, doctor: doctorCommand },
  docs: { brief: 'Kernels, images and what this machine lacks' },
});
