// SPDX-License-Identifier: GPL-2.0-only
import { isLmpError } from '@libmultipath/errors';
import { errors } from '../errors.js';
import { sourceText, type ProgramSource } from './program-source.js';

/**
 * What a module exports for `callWatched`. Called, it loads what it needs, for which there is a minute; what it then
 * gives is the work, which takes steps of programs or is ended. Arguments and result are plain data.
 */
export type WatchedWork<Args, Result> = (
  args: Args,
) => Promise<(tell: (text: string) => void) => Result | Promise<Result>>;

/** @throws LMP-340 the module has no such export, or it throws what has no number */
export const loadWork = async (
  source: ProgramSource,
  args: unknown,
): Promise<Awaited<ReturnType<WatchedWork<unknown, unknown>>>> => {
  try {
    const module: unknown = await import(source.module);
    const load: unknown =
      typeof module === 'object' && module !== null ? Reflect.get(module, source.export) : undefined;
    if (typeof load !== 'function') throw new TypeError(`expected a function named ${source.export}, found none`);
    // Who names the function answers for its argument and for what it gives.
    return await (load as WatchedWork<unknown, unknown>)(args);
  } catch (cause) {
    if (isLmpError(cause)) throw cause;
    throw errors.fail('LMP-340', {
      message: cause instanceof Error ? cause.message : String(cause),
      where: sourceText(source),
      todo: 'name the URL of a module, and a function among its exports that loads the work and gives it',
      cause,
    });
  }
};
