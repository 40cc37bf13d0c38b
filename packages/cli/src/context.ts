// SPDX-License-Identifier: GPL-2.0-only
import type { CommandContext } from '@stricli/core';
import { isLmpError, type ErrorCatalogue } from '@libmultipath/errors';
import { printableLines, terminalView, type ExitCode, type Level, type TerminalView } from '@libmultipath/report';
import { catalogues } from './catalogues.js';
import { errors } from './errors.js';

/** A stream of the process, as far as it is used here. */
export interface Output {
  readonly write: (text: string) => void;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a command may touch; nothing else of the process is read below. */
export interface CliContext extends CommandContext {
  readonly process: { readonly stdout: Output; readonly stderr: Output };
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Seconds from any origin. */
  readonly now: () => number;
  /** The day, `YYYY-MM-DD`, UTC. */
  readonly today: () => string;
  /** Set by the command: what the process ends with. */
  exit: ExitCode | 129 | 130 | 143;
}

export interface ViewOptions {
  /** Names of the two models of a diff. */
  readonly models?: readonly [string, string];
  readonly level?: Level;
  /** Rows that are to come. */
  readonly rows?: number;
}

/** Lines for a person on that stream: colour and rewriting only on a terminal. */
export const viewOn = (context: CliContext, output: Output, options: ViewOptions = {}): TerminalView => {
  const { env } = context;
  const terminal = output.isTTY === true;
  return terminalView({
    write: (text) => output.write(text),
    live: terminal && (env['CI'] ?? '') === '',
    colour: colourOn(context, output),
    ...(output.columns === undefined ? {} : { columns: output.columns }),
    ...options,
    now: context.now,
  });
};

/** Whether text on that stream is coloured. */
export const colourOn = ({ env }: CliContext, { isTTY }: Output): boolean =>
  isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';

/**
 * Runs a command's body. What it gives is the exit code; what it throws is printed by number,
 * and its number decides the code.
 */
export const running = async (
  context: CliContext,
  body: () => Promise<CliContext['exit']>,
  more: () => readonly ErrorCatalogue[] = () => [],
): Promise<void> => {
  try {
    context.exit = await body();
  } catch (error) {
    context.exit = printError(context, error, more());
  }
};

export const printError = (
  { process: { stderr } }: CliContext,
  error: unknown,
  more: readonly ErrorCatalogue[],
): ExitCode => {
  const numbered = isLmpError(error) ? error : unexpected(error);
  for (const line of printableLines(numbered.format())) stderr.write(`${line}\n`);
  const entry = [...catalogues, ...more].map((catalogue) => catalogue[numbered.code]).find((one) => one !== undefined);
  const exit = entry?.exit ?? 70;
  if (exit === 70)
    stderr.write(`This is a fault of mpath or of a driver: please report it with the lines above and the command.\n`);
  return exit;
};

const unexpected = (error: unknown) =>
  errors.fail('LMP-900', {
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    cause: error,
  });
