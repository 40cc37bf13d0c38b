// SPDX-License-Identifier: GPL-2.0-only
import type { CheckDocument, CheckFinding, CheckRevision, CheckScenario } from '@libmultipath/contract';
import { palette, type Paint, type Palette } from '../palette.js';
import { printable } from '../printable.js';
import type { KnownMark } from './finding-lines.js';

export interface CheckStyle {
  readonly colour: boolean;
  /** What the list says of an id. */
  readonly known: (id: string) => KnownMark | undefined;
  /** What the search took, too. */
  readonly verbose?: boolean;
}

const VERDICT_COLUMNS = 12;
const NAME_COLUMNS = 32;

const paintOf = (verdict: CheckScenario['verdict'], colours: Palette): Paint =>
  ({ pass: colours.good, fail: colours.bad, incomplete: colours.odd })[verdict];

const owned: Readonly<Record<NonNullable<CheckFinding['owner']>, string>> = {
  driver: 'the driver’s',
  library: 'the library’s',
};

/** `HANG-115ffb  hang in mpath_head_uninit(), the library’s, known: …`. */
const findingLine = (finding: CheckFinding, { known }: CheckStyle): string => {
  const mark = known(finding.id);
  const [where = ''] = finding.functions;
  const parts = [
    `${finding.class}${where === '' ? '' : ` in ${where}()`}`,
    ...(finding.owner === undefined ? [] : [owned[finding.owner]]),
    finding.known && mark !== undefined ? `known, ${mark.status}: ${mark.title}` : 'not listed',
  ];
  return `      ${finding.id}  ${printable(parts.join(', '))}`;
};

/** `UAF-75e4a0 and 3 more  use-after-free, known: UAF-9a2a1c at other places`: a line for each entry. */
const coveredLines = (findings: readonly CheckFinding[]): string[] => {
  const byEntry = new Map<string, CheckFinding[]>();
  for (const finding of findings) {
    if (finding.as !== undefined) byEntry.set(finding.as, [...(byEntry.get(finding.as) ?? []), finding]);
  }
  return [...byEntry].map(([entry, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${String(others.length)} more`;
    const where = others.length === 0 ? 'another place' : 'other places';
    return `      ${first?.id ?? ''}${more}  ${first?.class ?? ''}, known: ${entry} at ${where}`;
  });
};

/** Steps, states and time of a search. */
const effort = ({ stats: { steps, replayedSteps, states, seconds } }: CheckScenario): string => {
  const many = (value: number): string => value.toLocaleString('en-US');
  return `      ${many(steps)} steps, ${many(replayedSteps)} repeated, ${many(states)} states, ${seconds.toFixed(1)} s`;
};

/** One scenario's row, and a line for each finding. */
export const checkScenarioLines = (row: CheckScenario, style: CheckStyle): string[] => {
  const colours = palette(style.colour);
  const { executions } = row.stats;
  const verdict = paintOf(row.verdict, colours)(row.verdict.padEnd(VERDICT_COLUMNS));
  const size = `${executions.toLocaleString('en-US')} execution${executions === 1 ? '' : 's'}`;
  return [
    `  ${verdict} ${printable(row.name).padEnd(NAME_COLUMNS)} ${printable(row.bound)}; ${size}`,
    ...(style.verbose === true ? [colours.dim(effort(row))] : []),
    ...row.findings
      .filter((finding) => finding.as === undefined)
      .map((finding) => {
        const line = findingLine(finding, style);
        return finding.known ? line : colours.bad(line);
      }),
    ...coveredLines(row.findings),
  ];
};

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`;

const countsOf = ({ scenarios, gone }: CheckRevision): string => {
  const of = (verdict: CheckScenario['verdict']): number => scenarios.filter((one) => one.verdict === verdict).length;
  const ids = new Set(scenarios.flatMap(({ findings }) => findings.map(({ id, as = id }) => as)));
  const unlisted = new Set(
    scenarios.flatMap(({ findings }) => findings.filter(({ known }) => !known).map(({ id }) => id)),
  );
  const incomplete = of('incomplete');
  return [
    `${String(of('pass'))} pass`,
    `${String(of('fail'))} fail`,
    ...(incomplete === 0 ? [] : [`${String(incomplete)} incomplete`]),
    `${counted(ids.size, 'finding')}${ids.size === 0 ? '' : unlisted.size === 0 ? ', all known' : `, ${String(unlisted.size)} not listed`}`,
    ...(gone.length === 0 ? [] : [`listed and gone: ${gone.join(' ')}`]),
  ].join(', ');
};

/** What a check ends with: for each revision the counts and the bound. */
export const checkSummaryLines = (document: CheckDocument): string[] => {
  const parts: readonly CheckRevision[] = document.against === undefined ? [document] : [document.against, document];
  return parts.flatMap((part) => [`${printable(part.revision)}: ${countsOf(part)}`, `  ${printable(part.bound)}`]);
};
