// SPDX-License-Identifier: GPL-2.0-only
import { isLmpError } from '@libmultipath/errors';
import type { Program } from '@libmultipath/kernel';
import { errors } from '../errors.js';
import type { ExploreOptions } from '../exploration.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where a program comes from: functions do not travel to a thread or into a file, their names do. */
export interface ProgramSource {
  /** URL of a module, `file:///…`. */
  readonly module: string;
  /**
   * Name it exports: a program, a {@link SourcedProgram}, or a function of `args` that gives one of
   * these or a promise of it. The same arguments must give the same program.
   */
  readonly export: string;
  /** The function's one argument. */
  readonly args?: Json;
}

/** A program with what its exploration needs in functions: a digest, properties. */
export interface SourcedProgram {
  readonly program: Program;
  readonly options?: ExploreOptions;
}

/** `export(args)` of the last part of the module's address. */
export const sourceText = ({ module, export: name, args }: ProgramSource): string =>
  `${module.split('/').at(-1) ?? module}: ${name}${args === undefined ? '' : `(${JSON.stringify(args)})`}`;

const isProgram = (value: unknown): value is Program =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'make' in value &&
  typeof value.make === 'function';

const broken = (source: ProgramSource, message: string, cause?: unknown) =>
  errors.fail('LMP-340', {
    message,
    where: sourceText(source),
    todo: 'name the URL of a module, and a program, or a function that makes one, among its exports',
    ...(cause === undefined ? {} : { cause }),
  });

/** @throws LMP-340; a numbered error of the module passes through */
export const loadProgram = async (source: ProgramSource): Promise<SourcedProgram> => {
  let made: unknown;
  try {
    const module: unknown = await import(source.module);
    made = typeof module === 'object' && module !== null ? Reflect.get(module, source.export) : undefined;
    if (made === undefined) throw broken(source, `expected an export named ${source.export}, found none`);
    // Who names the function answers for its argument: it is its own JSON.
    if (typeof made === 'function') made = await (made as (args: unknown) => unknown)(source.args);
  } catch (cause) {
    if (isLmpError(cause)) throw cause;
    throw broken(source, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (isProgram(made)) return { program: made };
  if (typeof made === 'object' && made !== null && 'program' in made && isProgram(made.program)) {
    // Its type is the module's promise; the search checks the options that it takes.
    return made as SourcedProgram;
  }
  throw broken(source, `expected a program, or { program, options }, found ${made === null ? 'null' : typeof made}`);
};
