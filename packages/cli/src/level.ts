// SPDX-License-Identifier: GPL-2.0-only
import type { Level } from '@libmultipath/report';
import { errors } from './errors.js';

/** How much a long command says while it works. */
export interface LevelFlags {
  readonly quiet: boolean;
  readonly verbose: boolean;
}

const flag = (brief: string) => ({ kind: 'boolean', default: false, withNegated: false, brief }) as const;

/** The options of every long command, declared the same way. */
export const levelFlags = {
  quiet: flag('Only what is not as it should be, and the summary'),
  verbose: flag('Progress without a terminal too, and more of each row'),
} as const;

/** @throws LMP-909 both were given */
export const levelOf = ({ quiet, verbose }: LevelFlags): Level => {
  if (quiet && verbose) {
    throw errors.fail('LMP-909', { message: '--quiet does not go with --verbose', where: '--quiet' });
  }
  return quiet ? 'quiet' : verbose ? 'verbose' : 'usual';
};
