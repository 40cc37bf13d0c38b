// SPDX-License-Identifier: GPL-2.0-only
import { application } from '../../packages/cli/src/application.js';
import { commandHelpOf, isGroup } from '../../packages/cli/src/help/help-integration.js';
import type { CommandHelp } from '../../packages/cli/src/help/help-text.js';
import { code, fence, generated, table } from './markdown.js';

type Target = typeof application.root;

interface Documented {
  readonly help: CommandHelp;
  readonly brief: string;
  readonly args: readonly (readonly [placeholder: string, brief: string])[];
}

const commandsBelow = (name: string, target: Target): Documented[] => {
  if (isGroup(target)) {
    return target.getAllEntries().flatMap((entry) => commandsBelow(`${name} ${entry.name.original}`, entry.target));
  }
  const { positional } = target.parameters;
  const given =
    positional === undefined ? [] : positional.kind === 'array' ? [positional.parameter] : positional.parameters;
  return [
    {
      help: commandHelpOf(name, target),
      brief: target.brief,
      args: given.map(({ placeholder, brief }) => [placeholder ?? 'value', brief] as const),
    },
  ];
};

/** Every command, those of groups by their whole name. */
export const documented = (): readonly Documented[] => commandsBelow('mpath', application.root);

const paragraphsOf = (text: string): string[] =>
  text.split(/\n\n|\n(?=Exit:|Example:)/).map((one) => one.replaceAll(/\s+/g, ' ').trim());

/** `0 all agree, 1 a divergence, 2 usage` as rows: a number begins each. */
const exitRows = (text: string): string[][] =>
  text
    .replace(/\.$/, '')
    .split(/, (?=\d+ )/)
    .map((one) => /^(\d+) (.*)$/.exec(one)?.slice(1) ?? ['', one]);

const page = ({ help: { name, usage, text, options }, brief, args }: Documented): string => {
  const paragraphs = paragraphsOf(text);
  const after = (word: string): string | undefined =>
    paragraphs.find((one) => one.startsWith(`${word}: `))?.slice(word.length + 2);
  const [example, exit] = [after('Example'), after('Exit')];
  const told = paragraphs.filter((one) => !/^(Example|Exit): /.test(one));
  const option = ({ name: flag, placeholder, brief: does, many }: CommandHelp['options'][number]) => [
    code(`--${flag}${placeholder === undefined ? '' : ` ${placeholder.toUpperCase()}`}`) + (many ? ' …' : ''),
    does,
  ];
  return [
    `## ${name}\n`,
    `${brief}.\n`,
    fence('text', usage.map((line) => `${name} ${line}`.trim()).join('\n')),
    ...told.filter((one) => one !== brief && one !== `${brief}.`).map((one) => `${one}\n`),
    table(
      ['argument', 'what it is'],
      args.map(([placeholder, does]) => [code(placeholder.toUpperCase()), does]),
    ),
    table(['option', 'what it does'], options.map(option)),
    exit === undefined ? '' : table(['exit', 'when'], exitRows(exit)),
    example === undefined ? '' : `Example: ${code(example)}\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
};

const intro = `\`./mpath\` in a checkout and the \`mpath\` of an installed package are one program. Only \`verify\` and \`vm\` touch QEMU,
Debian packages or the network; everything else needs Node alone. \`mpath COMMAND --help\` prints what stands here.

An option marked … may be given more than once. Exit codes are the same everywhere:

| exit | when |
|---|---|
| 0 | nothing unexpected, within the bound that the verdict states |
| 1 | a divergence, or a finding |
| 2 | usage or environment; also when nothing could be compared |
| 3 | a kernel fault |
| 4 | stopped before everything was looked at, with nothing found |
| 70 | a fault of this program |
| 130, 143 | a signal, after the report |

Of several, the first in the order 70, 2, 3, 1, 4, 0 counts.
`;

/** docs/reference/cli.md. */
export const cliReference = (): string =>
  [generated('Command line', 'the commands of packages/cli') + intro, ...documented().map(page)].join('\n');
