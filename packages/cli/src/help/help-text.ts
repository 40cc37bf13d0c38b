// SPDX-License-Identifier: GPL-2.0-only
import { wrap } from '@libmultipath/report';
import { table } from './table.js';

/** An option, as its command declares it. */
export interface OptionHelp {
  readonly name: string;
  readonly placeholder?: string;
  readonly brief: string;
  readonly many: boolean;
}

/** What a command says of itself. */
export interface CommandHelp {
  /** `mpath check`. */
  readonly name: string;
  /** What follows the name, a line each. */
  readonly usage: readonly string[];
  /** Paragraphs; a line that begins with `Exit:` or `Example:` begins one. */
  readonly text: string;
  readonly options: readonly OptionHelp[];
}

/** What a group of commands says of itself. */
export interface GroupHelp {
  readonly name: string;
  readonly brief: string;
  readonly commands: readonly { readonly name: string; readonly brief: string }[];
  readonly example: string;
}

export interface HelpLayout {
  readonly columns: number;
  /** Every option in full, however many lines that takes. */
  readonly all: boolean;
}

/** More options than this do not fit a screen with the rest: those asked for seldom are then named only. */
const OPTIONS_MAX = 10;

const SELDOM: ReadonlySet<string> = new Set(
  (
    'against known seed states steps workers save resume full junit ktap github modules repeat revision-of expect ' +
    'artifacts shard keep record quiet verbose'
  ).split(' '),
);

/** The options that a screen has room for, and the names of the others. */
const shown = ({ options }: CommandHelp, all: boolean): readonly [readonly OptionHelp[], readonly OptionHelp[]] => {
  if (all || options.length <= OPTIONS_MAX) return [options, []];
  return [options.filter(({ name }) => !SELDOM.has(name)), options.filter(({ name }) => SELDOM.has(name))];
};

/** Below it what follows the name stands below it. */
const BESIDE_COLUMNS = 40;

const usageOf = ({ name, usage }: CommandHelp, columns: number): string[] =>
  usage.flatMap((one) => {
    if (one === '') return wrap(name, '', columns);
    return columns < BESIDE_COLUMNS
      ? [...wrap(name, '', columns), ...wrap(one, '  ', columns)]
      : wrap(one, `${name} `, columns);
  });

/** `mpath COMMAND --help`. */
export const commandHelp = (command: CommandHelp, { columns, all }: HelpLayout): readonly string[] => {
  const paragraphs = command.text.split(/\n\n|\n(?=Exit:|Example:)/).map((one) => one.replaceAll(/\s+/g, ' ').trim());
  const example = paragraphs.find((one) => one.startsWith('Example: '));
  const told = paragraphs.filter((one) => one !== example);
  const [options, others] = shown(command, all);
  const rows = options.map(({ name, placeholder, brief, many }): [string, string] => [
    `--${name}${placeholder === undefined ? '' : ` ${placeholder.toUpperCase()}${many ? '…' : ''}`}`,
    brief,
  ]);
  const more = others.map(({ name }) => `--${name}`).join(' ');
  return [
    ...usageOf(command, columns),
    '',
    ...told.flatMap((one) => wrap(one, '', columns)),
    ...(rows.length === 0 ? [] : ['', ...table(rows, columns, '  ')]),
    ...(more === '' ? [] : wrap(`also ${more} (--help-all says what they do)`, '  ', columns)),
    // A command is not broken into lines: it is there to be copied.
    ...(example === undefined ? [] : ['', example]),
  ];
};

/** `mpath --help`, `mpath vm --help`. */
export const groupHelp = (
  { name, brief, commands, example }: GroupHelp,
  { columns }: HelpLayout,
): readonly string[] => [
  ...wrap(`${name} COMMAND`, '', columns),
  '',
  ...wrap(brief, '', columns),
  '',
  ...table(
    commands.map((one) => [one.name, one.brief]),
    columns,
    '  ',
  ),
  '',
  ...wrap(`${name} COMMAND --help says more about one.`, '', columns),
  '',
  `Example: ${example}`,
];
