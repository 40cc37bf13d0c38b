// SPDX-License-Identifier: GPL-2.0-only
import { LmpError } from '@libmultipath/errors';
import {
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
  type ApplicationText,
} from '@stricli/core';

const seeHelp = '`--help` after the command lists what it takes';

const numbered = (message: string, todo: string): string => new LmpError('LMP-909', { message, todo }).format();

const nearest = (corrections: readonly string[]): string =>
  corrections.length === 0 ? seeHelp : `did you mean ${corrections.join(' or ')}?`;

/** The reason a value was refused, without the wrapping of the parser that called ours. */
const reasonOf = (exception: unknown): string => (exception instanceof Error ? exception.message : String(exception));

const usageError = (error: ArgumentScannerError): string => {
  // Each formatter's answer is the whole text; those without one say it in the parser's words.
  const own = formatMessageForArgumentScannerError(error, {
    FlagNotFoundError: ({ input, corrections }) =>
      numbered(`there is no option --${input}`, nearest(corrections.map((name) => `--${name}`))),
    AliasNotFoundError: ({ input }) => numbered(`there is no option -${input}`, seeHelp),
    ArgumentParseError: ({ externalFlagNameOrPlaceholder: name, exception }) =>
      numbered(`${name}: ${reasonOf(exception)}`, seeHelp),
    EnumValidationError: ({ externalFlagName: name, input, values }) =>
      numbered(`--${name}: expected ${values.join(', ')}, found ${input}`, seeHelp),
    UnsatisfiedPositionalError: ({ placeholder }) => numbered(`expected a ${placeholder}, found nothing`, seeHelp),
    UnsatisfiedFlagError: ({ externalFlagName: name }) => numbered(`expected a value after --${name}`, seeHelp),
    UnexpectedPositionalError: ({ input }) => numbered(`expected no further argument, found ${input}`, seeHelp),
  });
  return own.startsWith('LMP-') ? own : numbered(own, seeHelp);
};

/** What the parser of the command line says, in the shape of every other numbered error. */
export const usageText: ApplicationText = {
  ...text_en,
  exceptionWhileParsingArguments: (error) =>
    error instanceof ArgumentScannerError ? usageError(error) : numbered(reasonOf(error), seeHelp),
  noCommandRegisteredForInput: ({ input, corrections }) =>
    numbered(
      `there is no command ${input}`,
      corrections.length === 0 ? '`mpath --help` lists them' : nearest(corrections),
    ),
};
