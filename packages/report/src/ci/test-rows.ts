// SPDX-License-Identifier: GPL-2.0-only
import {
  canonical,
  type CheckDocument,
  type CheckFinding,
  type CheckRevision,
  type CheckStates,
  type DiffDocument,
  type ScenarioVerdict,
  type VerifyDocument,
} from '@libmultipath/contract';
import { incidentText } from '../incident-text.js';

/** A row of a document as test formats know it. */
export interface TestRow {
  /** Driver and scenario. */
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'error' | 'skip';
  /** One line: why it is not a plain pass. */
  readonly message?: string;
  /** More lines: differences, a console excerpt, findings. */
  readonly detail: readonly string[];
  /** Where in a scenario file it went apart. */
  readonly file?: string;
  readonly line?: number;
  readonly seconds?: number;
}

/** A line of one suite, named by what it is about. */
export interface SuiteNote {
  readonly about: 'incident' | 'states';
  readonly text: string;
}

export interface TestSuite {
  readonly name: string;
  readonly rows: readonly TestRow[];
  /** What is no test’s result: machines that were lost and replaced, what was known again. */
  readonly notes?: readonly SuiteNote[];
}

export type TestedDocument = VerifyDocument | CheckDocument | DiffDocument;

const lines = (text: string | undefined): string[] => (text === undefined ? [] : text.split(/\r?\n/));

const firstLine = (text: string | undefined): string => lines(text)[0] ?? '';

const verdictStatus: Readonly<Record<ScenarioVerdict['verdict'], TestRow['status']>> = {
  agree: 'pass',
  diverge: 'fail',
  'too-loose': 'fail',
  'kernel-fault': 'fail',
  unsupported: 'skip',
  'not-run': 'skip',
  error: 'error',
};

const verifyRow = (row: ScenarioVerdict): TestRow => {
  const name = `${row.driver} ${row.name}`;
  const { verdict, differences, reason, expected } = row;
  const detail = [
    ...differences.flatMap(({ file, line, step, observation, kernel, model }) => [
      `${file}:${String(line)}: ${step}`,
      `${observation}: kernel ${canonical(kernel)}`,
      ...model.map((value) => `${observation}: model allows ${canonical(value)}`),
    ]),
    ...lines(reason),
  ];
  if (verdict === 'agree') return { name, status: 'pass', detail: [] };
  if (expected !== undefined) {
    return {
      name,
      status: 'skip',
      message: `${verdict}, expected until ${expected.until}: ${expected.reason}`,
      detail,
    };
  }
  const [first] = differences;
  const message = first === undefined ? `${verdict}: ${firstLine(reason)}` : `${verdict}: ${first.observation}`;
  const place = first === undefined ? {} : { file: first.file, line: first.line };
  return { name, status: verdictStatus[verdict], message, detail, ...place };
};

const findingText = ({ id, class: what, functions, message }: CheckFinding): string =>
  `${id} ${what}${functions[0] === undefined ? '' : ` in ${functions[0]}()`}: ${message}`;

const statesNote: Readonly<Record<CheckStates, string>> = {
  all: 'each state once: data races were looked for within a run',
  'all-forgetting': 'each state once, by the rule of decision 0007: data races were looked for within a run',
};

const checkSuite = ({ revision, scenarios, gone }: CheckRevision, states?: CheckStates): TestSuite => {
  const rows = scenarios.map(({ name, driver, verdict, bound, findings, stats: { seconds } }): TestRow => {
    const unlisted = findings.filter(({ known }) => !known);
    const detail = findings.flatMap((finding) => [
      `${findingText(finding)}${finding.known ? ' (known)' : ''}`,
      `mpath replay ${finding.replay}`,
    ]);
    const row = { name: `${driver} ${name}`, detail, seconds };
    const [first] = unlisted;
    if (first !== undefined) return { ...row, status: 'fail', message: findingText(first) };
    if (verdict === 'incomplete') return { ...row, status: 'skip', message: `incomplete: ${bound}` };
    return { ...row, status: 'pass' };
  });
  const lost = gone.map((id): TestRow => ({
    name: `known findings ${id}`,
    status: 'fail',
    message: `${id} is listed and was not found, though every schedule was looked at`,
    detail: [],
  }));
  const told = { name: revision, rows: [...rows, ...lost] };
  return states === undefined ? told : { ...told, notes: [{ about: 'states', text: statesNote[states] }] };
};

const diffSuite = ({ a, b, scenarios }: DiffDocument): TestSuite => ({
  name: `${a} and ${b}`,
  rows: scenarios.map(({ name: scenario, driver, verdict, differences, reason }): TestRow => {
    const name = `${driver} ${scenario}`;
    const detail = [
      ...differences.flatMap(({ file, line, observation, a: left, b: right, why }) => [
        `${file}:${String(line)}: ${observation}`,
        `${a}: ${left.map(canonical).join(' | ') || '(nothing)'}`,
        `${b}: ${right.map(canonical).join(' | ') || '(nothing)'}`,
        why === undefined ? 'not explained' : `because ${why}`,
      ]),
      ...lines(reason),
    ];
    if (verdict === 'error') return { name, status: 'error', message: firstLine(reason), detail };
    if (verdict === 'unsupported') return { name, status: 'skip', message: firstLine(reason), detail };
    const open = differences.find(({ why }) => why === undefined);
    if (open === undefined) return { name, status: 'pass', detail };
    const message = `a difference is not explained: ${open.observation}`;
    return { name, status: 'fail', message, detail, file: open.file, line: open.line };
  }),
});

/** What a test format shows of a document: a suite for each kernel, revision or pair of models. */
export const testSuites = (document: TestedDocument): TestSuite[] => {
  switch (document.schema) {
    case 'mpath.verify/1':
      return document.kernels.map(({ name, release, scenarios, incidents = [] }) => ({
        name: name === release || release === '' ? name : `${name} (${release})`,
        rows: scenarios.map(verifyRow),
        notes: incidents.map((one) => ({ about: 'incident', text: incidentText(one) })),
      }));
    case 'mpath.check/1':
      return (document.against === undefined ? [document] : [document.against, document]).map((part) =>
        checkSuite(part, document.states),
      );
    case 'mpath.diff/1':
      return [diffSuite(document)];
  }
};
