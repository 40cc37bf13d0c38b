// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import type { LmpCode } from '@libmultipath/errors';
import { wrap } from '@libmultipath/report';
import { catalogues } from '../catalogues.js';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { running, type CliContext } from '../context.js';
import { errors } from '../errors.js';
import { findingPage } from '../findings/finding-page.js';
import { isFindingId } from '../repair/find-finding.js';
import { didYouMean } from '../selection.js';
import { text, type NoFlags } from './flags.js';

export const explainCommand = buildCommand<NoFlags, [code: string], CliContext>({
  docs: {
    brief: 'Say more about an error number, or a known finding',
    fullDescription:
      'Usage: LMP-nnn\n' +
      'Usage: FINDING\n' +
      'Say what an error number means and what to do, or print the page of a finding that\n' +
      'a driver’s list knows: what happens, by which schedule, and what mends it.\n\n' +
      'Example: mpath explain LMP-701',
  },
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'As it was printed, e.g. LMP-408 or UAF-ed643a', parse: text, placeholder: 'code' }],
    },
  },
  func(this: CliContext, _flags, asked) {
    return running(this, async () => {
      const config = await configHere(this.cwd);
      if (isFindingId(asked)) {
        this.process.stdout.write(await findingPage(asked, config?.drivers ?? []));
        return 0;
      }
      const code = normal(asked);
      const all = [...catalogues, ...(config?.errors ?? [])];
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
const configHere = async (cwd: string): Promise<LoadedConfig | undefined> => {
  try {
    return await loadConfig(findConfig(cwd));
  } catch {
    return undefined;
  }
};
