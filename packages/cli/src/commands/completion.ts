// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import { errors } from '../errors.js';
import { running, type CliContext } from '../context.js';
import { didYouMean } from '../selection.js';
import { scripts, shells, type Shell } from '../completion/scripts.js';
import { text, type NoFlags } from './flags.js';

const isShell = (name: string): name is Shell => name in scripts;

export const completionCommand = buildCommand<NoFlags, [shell: string], CliContext>({
  docs: {
    brief: 'Print what makes TAB complete in bash, zsh or fish',
    fullDescription:
      'Prints a script for the shell; its first line says where to put it. Commands, options, scenarios and\n' +
      'drivers are completed, those of your own mpath.config.ts too.\n\nExample: eval "$(mpath completion bash)"',
  },
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'bash, zsh or fish',
          parse: text,
          placeholder: 'shell',
          proposeCompletions: (partial) => shells.filter((name) => name.startsWith(partial)),
        },
      ],
    },
  },
  func(this: CliContext, _flags, shell) {
    return running(this, async () => {
      if (!isShell(shell))
        throw errors.fail('LMP-909', {
          message: `expected ${shells.join(', ')}, found ${shell}`,
          where: 'completion',
          todo: didYouMean(shell, shells),
        });
      this.process.stdout.write(scripts[shell]);
      return 0;
    });
  },
});
