// SPDX-License-Identifier: GPL-2.0-only
import { canonical, type Difference, type Json, type ScenarioVerdict, type Verdict } from '@libmultipath/contract';
import { firstDifference } from './first-difference.js';
import type { Paint, Palette } from './palette.js';
import { printable, printableLines } from './printable.js';

const seconds = (value: number): string => `${value.toFixed(1)} s`;
const many = (count: number, word: string): string => `${String(count)} ${word}${count === 1 ? '' : 's'}`;

const paintOf = (verdict: Verdict, colours: Palette): Paint => {
  switch (verdict) {
    case 'agree':
      return colours.good;
    case 'unsupported':
    case 'not-run':
      return colours.dim;
    case 'error':
    case 'too-loose':
      return colours.odd;
    case 'diverge':
    case 'kernel-fault':
      return colours.bad;
  }
};

/** Where the kernel stood in with something else, that. */
const kindOf = ({ agreement }: ScenarioVerdict): string[] => (agreement === undefined ? [] : [printable(agreement)]);

/** The row of a scenario, its reason, and a block for each difference. */
export const scenarioLines = (verdict: ScenarioVerdict, elapsedSeconds: number, colours: Palette): string[] => {
  const kind = paintOf(verdict.verdict, colours)(verdict.verdict.padEnd(12));
  const facts =
    verdict.verdict === 'unsupported' || verdict.verdict === 'not-run'
      ? []
      : [
          many(verdict.observations, 'observation'),
          many(verdict.runs, 'run'),
          seconds(elapsedSeconds),
          ...kindOf(verdict),
        ];
  const row = `  ${kind} ${printable(verdict.name).padEnd(32)} ${colours.dim(facts.join(', '))}`.trimEnd();
  const reason = verdict.reason === undefined ? [] : printableLines(verdict.reason).map((line) => `      ${line}`);
  const { expected } = verdict;
  const excuse =
    expected === undefined
      ? []
      : [`      expected until ${expected.until}: ${printable(expected.reason)}`].map((line) => colours.dim(line));
  return [
    row,
    ...excuse,
    ...reason,
    ...verdict.differences.flatMap((difference) => differenceLines(difference, colours)),
  ];
};

const differenceLines = (difference: Difference, { bad, good, strong, dim }: Palette): string[] => [
  `      ${strong(`${printable(difference.file)}:${String(difference.line)}`)}  ${printable(difference.step)}`,
  `      observation  ${printable(difference.observation)}`,
  `      kernel       ${bad(jsonText(difference.kernel))}`,
  ...difference.model.map(
    (value, index) => `      ${index === 0 ? 'model allows ' : dim('or           ')}${good(jsonText(value))}`,
  ),
  ...placeLines(difference),
];

/** In a value of many parts, the part that differs; only where the model allows one value, else it is no one place. */
const placeLines = ({ kernel, model }: Difference): string[] => {
  const [only, ...more] = model;
  const place = only === undefined || more.length > 0 ? undefined : firstDifference(kernel, only);
  if (place === undefined || place.path.length === 0) return [];
  const side = (value: Json | undefined): string => (value === undefined ? 'nothing' : jsonText(value));
  return [`      that is      ${printable(place.path.join('.'))}: kernel ${side(place.a)}, model ${side(place.b)}`];
};

/** JSON text, with what a terminal would obey escaped beyond what JSON escapes. */
const jsonText = (value: Json): string => printable(canonical(value));
