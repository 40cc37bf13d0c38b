// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import type { ErrorCatalogue, LmpCode } from '@libmultipath/errors';
import { wrap } from '@libmultipath/report';
import { catalogues } from '../catalogues.js';
import { findConfig, loadConfig } from '../config.js';
import { running, type CliContext } from '../context.js';
import { errors } from '../errors.js';
import { didYouMean } from '../selection.js';
import { text, type NoFlags } from './flags.js';

export const explainCommand = buildCommand<NoFlags, [code: string], CliContext>({
  docs: {
    brief: 'Say more about an error number',
    fullDescription: 'Say more about an error number.\n\nExample: mpath explain LMP-701',
  },
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'As it was printed, e.g. LMP-408', parse: text, placeholder: 'code' }],
    },
  },
  func(this: CliContext, _flags, asked) {
    return running(this, async () => {
      const code = normal(asked);
      const all = [...catalogues, ...(await driverErrors(this.cwd))];
      const entry = all.map((catalogue) => catalogue[code]).find((one) => one !== undefined);
      if (entry === undefined) {
        const known = all.flatMap((catalogue) => Object.keys(catalogue));
        throw errors.fail('LMP-906', {
          message: `there is no error ${asked}`,
          where: 'explain',
          todo: didYouMean(code, known),
        });
      }
      const { stdout } = this.process;
      const text = wrap(entry.explain, '', Math.min(stdout.columns ?? 100, 100)).join('\n');
      stdout.write(`${code}: ${entry.title}\n\n${text}\n\nA command that ends with it exits ${String(entry.exit)}.\n`);
      return 0;
    });
  },
});

const normal = (asked: string): LmpCode => `LMP-${asked.replace(/^lmp-?/i, '')}` as LmpCode; // looked up, so any text will do

/** Whoever looks an error of the configuration up must not be stopped by it. */
const driverErrors = async (cwd: string): Promise<readonly ErrorCatalogue[]> => {
  try {
    return (await loadConfig(findConfig(cwd))).errors;
  } catch {
    return [];
  }
};
