// SPDX-License-Identifier: GPL-2.0-only
import type { Command, RouteMap, StricliIntegration } from '@stricli/core';
import type { CliContext, Output } from '../context.js';
import { commandHelp, groupHelp, type CommandHelp, type GroupHelp, type OptionHelp } from './help-text.js';

type Target = Command<CliContext> | RouteMap<CliContext>;

const COLUMNS = 80;
/** A text that is broken more often than this is no text. */
const COLUMNS_MIN = 20;

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const optionsOf = ({ parameters }: Command<CliContext>): OptionHelp[] =>
  Object.entries(parameters.flags ?? {}).map(([name, flag]) => ({
    name: kebab(name),
    brief: flag.brief,
    many: 'variadic' in flag && flag.variadic !== undefined && flag.variadic !== false,
    ...(flag.kind === 'parsed' ? { placeholder: flag.placeholder ?? 'value' } : {}),
  }));

/** Arguments in the usage line, where the command does not write its own. */
const usageOf = ({ parameters: { positional } }: Command<CliContext>): string => {
  if (positional === undefined) return '';
  const nameOf = (placeholder: string | undefined): string => (placeholder ?? 'value').toUpperCase();
  if (positional.kind === 'array') {
    const name = `${nameOf(positional.parameter.placeholder)}…`;
    return (positional.minimum ?? 0) > 0 ? name : `[${name}]`;
  }
  return positional.parameters
    .map(({ placeholder, optional }) => (optional === true ? `[${nameOf(placeholder)}]` : nameOf(placeholder)))
    .join(' ');
};

const USAGE = /^Usage: (.*)\n/gm;

export const commandHelpOf = (name: string, command: Command<CliContext>): CommandHelp => {
  const text = command.fullDescription ?? command.brief;
  const own = [...text.matchAll(USAGE)].map(([, line = '']) => line);
  const usage = own.length > 0 ? own : [usageOf(command)];
  return { name, usage, text: text.replaceAll(USAGE, ''), options: optionsOf(command) };
};

export const groupHelpOf = (name: string, group: RouteMap<CliContext>, example: string): GroupHelp => ({
  name,
  brief: group.brief,
  commands: group.getAllEntries().map((entry) => ({ name: entry.name.original, brief: entry.target.brief })),
  example,
});

/** Examples of groups by name, `mpath vm`; a command has its own in its text. */
export type GroupExamples = Readonly<Record<string, string>>;

export const isGroup = (target: Target): target is RouteMap<CliContext> => 'getAllEntries' in target;

/**
 * `--help` and `--help-all`, as wide as the terminal. A command's usage lines begin its full description, each
 * after `Usage: `; without one they follow from its arguments.
 */
export const helpIntegration = (
  examples: GroupExamples,
  { all, brief }: { readonly all: boolean; readonly brief: string },
): StricliIntegration<CliContext> => ({
  flag: {
    brief,
    global: true,
    complete: true,
    aliases: all ? [] : ['h'],
    defaultForRouteMap: !all,
    run(_app, { result: { target, prefix } }) {
      const name = prefix.join(' ');
      // The parser's own type of a process is narrower; it is the one that `mpath` hands in.
      const { stdout }: { readonly stdout: Output } = this.process;
      const columns = Math.max(COLUMNS_MIN, Math.min(stdout.columns ?? COLUMNS, COLUMNS));
      const layout = { columns, all };
      const lines = isGroup(target)
        ? groupHelp(groupHelpOf(name, target, examples[name] ?? `${name} --help`), layout)
        : commandHelp(commandHelpOf(name, target), layout);
      stdout.write(`${lines.join('\n')}\n`);
    },
  },
});
