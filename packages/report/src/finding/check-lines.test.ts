// SPDX-License-Identifier: GPL-2.0-only
import type { CheckDocument, CheckFinding, CheckScenario } from '@libmultipath/contract';
import { expect, it } from 'vitest';
import { exitCode } from '../exit-code.js';
import { checkScenarioLines, checkSummaryLines, type CheckStyle } from './check-lines.js';
import { freed } from './story.test.kit.js';

const BOUND = 'complete (sequential consistency)';

const row = (verdict: CheckScenario['verdict'], findings: readonly CheckFinding[] = []): CheckScenario => ({
  name: 'last-put',
  driver: 'nvme',
  verdict,
  bound: BOUND,
  findings,
  stats: { executions: 1, steps: 1, replayedSteps: 0, states: 1, seconds: 0 },
});

const document = (scenarios: readonly CheckScenario[], more: Partial<CheckDocument> = {}): CheckDocument => ({
  schema: 'mpath.check/1',
  revision: 'v3',
  complete: true,
  bound: BOUND,
  scenarios,
  gone: [],
  ...more,
});

const listed: CheckFinding = { ...freed.finding, known: true };
const unlisted: CheckFinding = { ...freed.finding, known: false, owner: 'library' };

it('gives a scenario a row, and each finding a line with what the list says of it', () => {
  const style: CheckStyle = { colour: false, known: () => ({ status: 'real', title: 'a title' }) };
  expect(checkScenarioLines(row('pass'), style)).toEqual([
    '  pass         last-put                         complete (sequential consistency); 1 execution',
  ]);
  const [, first, second] = checkScenarioLines(row('fail', [listed, unlisted]), style);
  expect(first).toMatch(/^ {6}UAF-\w+ {2}use-after-free in \w+\(\), known, real: a title$/);
  expect(second).toMatch(/, the library’s, not listed$/);
});

it('gives further places of one entry a line together, and counts them as that entry', () => {
  const style: CheckStyle = { colour: false, known: () => ({ status: 'real', title: 'a title' }) };
  const place = (id: string): CheckFinding => ({ ...listed, id, as: listed.id });
  const findings = [listed, place('UAF-00000a'), place('UAF-00000b')];
  const [, ...lines] = checkScenarioLines(row('fail', findings), style);
  expect(lines.slice(1)).toEqual([`      UAF-00000a and 1 more  use-after-free, known: ${listed.id} at other places`]);
  expect(checkScenarioLines(row('fail', findings.slice(0, 2)), style).at(-1)).toBe(
    `      UAF-00000a  use-after-free, known: ${listed.id} at another place`,
  );
  expect(checkSummaryLines(document([row('fail', findings)]))[0]).toBe('v3: 0 pass, 1 fail, 1 finding, all known');
});

it('sums up each revision: one finding of two scenarios is one', () => {
  const against = { revision: 'fixed', complete: false, bound: 'stopped', scenarios: [row('incomplete')], gone: [] };
  const both = document([row('fail', [listed]), row('fail', [listed])], { gone: ['HANG-000000'], against });
  expect(checkSummaryLines(both)).toEqual([
    'fixed: 0 pass, 0 fail, 1 incomplete, 0 findings',
    '  stopped',
    'v3: 0 pass, 2 fail, 1 finding, all known, listed and gone: HANG-000000',
    `  ${BOUND}`,
  ]);
});

it.each<[string, number, CheckDocument]>([
  ['nothing is found', 0, document([row('pass')])],
  ['what is found is listed', 0, document([row('fail', [listed])])],
  ['something is not listed', 1, document([row('fail', [unlisted])], { complete: false })],
  ['something listed is gone', 1, document([row('pass')], { gone: ['UAF-000000'] })],
  ['it was stopped', 4, document([row('incomplete')], { complete: false })],
  [
    'the other revision shows something that is not listed',
    1,
    document([row('pass')], { against: { ...document([row('fail', [unlisted])]), revision: 'fixed' } }),
  ],
])('where %s the exit code is %d', (_what, code, made) => {
  expect(exitCode(made)).toBe(code);
});
