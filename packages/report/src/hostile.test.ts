// SPDX-License-Identifier: GPL-2.0-only
import type {
  CheckDocument,
  DiffDocument,
  FindingStory,
  ScenarioVerdict,
  VerifyDocument,
} from '@libmultipath/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { githubLines } from './ci/github.js';
import { junitText } from './ci/junit.js';
import { ktapText } from './ci/ktap.js';
import { parseKtap } from './ci/ktap.test.kit.js';
import type { TestedDocument } from './ci/test-rows.js';
import { parseXml } from './ci/xml.test.kit.js';
import { checkScenarioLines, checkSummaryLines } from './finding/check-lines.js';
import { findingLines } from './finding/finding-lines.js';
import { findingMail } from './finding/mail.js';
import { freed, hung } from './finding/story.test.kit.js';
import { embedded } from './page/embed.js';
import { pageStory } from './page/page-html.js';
import { terminalView } from './terminal-view.js';

/** What a guest's console, a file name or a scenario could hold to be taken for something else. */
const weapons = [
  '\u001b]0;owned\u0007',
  '\u001b[2J\u001b[H',
  '\u009b31m',
  '\r',
  '\n',
  '\n::error::owned',
  '\nok 1 owned',
  '\nBail out!',
  '# SKIP owned',
  '</script><script>owned()</script>',
  '<!--',
  ']]>',
  '" onload="owned()',
  "'; owned '",
  '&lt;',
  '\u202e',
  '\u2028',
  '\u0000',
  '\ud800',
  '\ufeff',
  '%0A::error::owned',
  '__proto__',
  '…',
  'é',
  '🙂',
];
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...weapons),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(''));

/** Nothing but what can be seen, and line ends. */
const visible = /^(?:\n|[^\p{C}\p{Zl}\p{Zp}])*$/u;

const rowOf = (text: string, verdict: ScenarioVerdict['verdict']): ScenarioVerdict => ({
  name: text,
  driver: text,
  model: text,
  verdict,
  observations: 1,
  runs: 1,
  outcomes: [{ value: { [text]: text }, allowed: false, seen: 1 }],
  differences: [
    { step: text, observation: text, model: [text, { [text]: [text] }], kernel: { [text]: text }, file: text, line: 1 },
  ],
  reason: text,
  bound: text,
});

const verifyOf = (text: string): VerifyDocument => ({
  schema: 'mpath.verify/1',
  kernels: [
    {
      name: text,
      release: text,
      accelerator: text,
      qemu: text,
      bootSeconds: 1,
      scenarios: [
        rowOf(text, 'diverge'),
        rowOf(text, 'kernel-fault'),
        rowOf(text, 'unsupported'),
        rowOf(text, 'error'),
      ],
    },
  ],
  expectations: [
    { kernel: text, scenario: text, verdict: 'diverge', reason: text, until: '2027-01-01', state: 'expired' },
  ],
  summary: {
    agree: 0,
    diverge: 1,
    tooLoose: 0,
    fault: 1,
    unsupported: 1,
    error: 1,
    notRun: 0,
    expected: 0,
    observations: 4,
  },
});

const diffOf = (text: string): DiffDocument => ({
  schema: 'mpath.diff/1',
  a: text,
  b: text,
  scenarios: [
    {
      name: text,
      driver: text,
      verdict: 'differs',
      outcomesA: 1,
      outcomesB: 1,
      differences: [{ observation: text, a: [text], b: [{ [text]: text }], file: text, line: 1, why: text }],
      reason: text,
    },
  ],
  summary: { same: 0, differs: 1, unsupported: 0, error: 0, unexplained: 0 },
});

/** Every text of a story in place of its own; what is one of few words stays. */
const storyOf = (story: FindingStory, text: string): FindingStory => ({
  ...story,
  finding: {
    ...story.finding,
    object: text,
    functions: [text],
    sites: [`${text}: op ${text}`, text],
    tasks: [text],
    message: text,
  },
  program: text,
  revision: text,
  bound: text,
  object: text,
  task: text,
  stack: [text],
  places: [{ role: text, task: text, stack: [text] }],
  waiters: story.waiters.map((one) => ({
    ...one,
    task: text,
    site: text,
    object: text,
    stack: [text],
    waitsFor: [text],
    holds: [text],
  })),
  events: story.events.map((one, nth) => ({
    ...one,
    task: nth % 2 === 0 ? text : one.task,
    stack: [text],
    op: text,
    target: `${text}.${text}`,
    object: text,
    state: text,
  })),
});

const checkOf = (text: string): CheckDocument => ({
  schema: 'mpath.check/1',
  revision: text,
  complete: true,
  bound: text,
  gone: [],
  scenarios: [
    {
      name: text,
      driver: text,
      verdict: 'fail',
      bound: text,
      findings: [{ ...storyOf(freed, text).finding, known: false }],
      stats: { executions: 1, steps: 1, replayedSteps: 0, states: 1, seconds: 0 },
    },
  ],
});

const documents = hostile.map((text): readonly TestedDocument[] => [verifyOf(text), diffOf(text), checkOf(text)]);
const stories = hostile.map((text): readonly FindingStory[] => [storyOf(freed, text), storyOf(hung, text)]);

describe('a text of a guest or a scenario, whatever it holds,', () => {
  it('prints nothing on a terminal but what can be seen, in every mode of it', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom('quiet', 'usual', 'verbose'),
        fc.integer({ min: 1, max: 30 }),
        (text, level, columns) => {
          const printed: string[] = [];
          const view = terminalView({
            write: (part) => void printed.push(part),
            live: true,
            colour: false,
            columns,
            models: [text, text],
            level,
            rows: 4,
            now: () => 1,
          });
          const verify = verifyOf(text);
          view.report({ type: 'stage', title: text });
          view.report({ type: 'progress', text });
          view.report({ type: 'stage-done', title: text, seconds: 1, detail: text });
          view.report({ type: 'note', text });
          for (const kernel of verify.kernels) {
            view.report({ ...kernel, type: 'banner', kernel: kernel.name });
            for (const verdict of kernel.scenarios)
              view.report({ type: 'scenario', kernel: kernel.name, verdict, seconds: 1 });
          }
          for (const scenario of diffOf(text).scenarios) view.report({ type: 'diff', scenario });
          view.summary(verify);
          view.end();
          // The one sequence that is ours takes the progress line away.
          expect(printed.join('').replaceAll('\r\u001b[2K', '')).toMatch(visible);
        },
      ),
    );
  });

  it('is shown in a finding, at any width, and in the rows of a check', () => {
    fc.assert(
      fc.property(stories, fc.integer({ min: 1, max: 120 }), (told, columns) => {
        for (const story of told) expect(findingLines(story, { columns, colour: false }).join('\n')).toMatch(visible);
      }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const document = checkOf(text);
        const known = () => ({ status: 'note', title: text }) as const;
        const rows = document.scenarios.flatMap((row) =>
          checkScenarioLines(row, { colour: false, known, verbose: true }),
        );
        expect([...rows, ...checkSummaryLines(document)].join('\n')).toMatch(visible);
      }),
    );
  });

  it('makes a mail of printable ASCII in 72 columns, with one subject and nothing before it', () => {
    fc.assert(
      fc.property(stories, (told) => {
        for (const story of told) {
          const mail = findingMail(story);
          expect(mail).toMatch(/^Subject: [\x20-\x7e]*\n\n[\x20-\x7e\n]*$/);
          expect(mail.split('\n').filter((line) => line.length > 72)).toEqual([]);
          expect(mail.split('\n').filter((line) => line.startsWith('Subject:'))).toHaveLength(1);
        }
      }),
    );
  });

  it('is one text in KTAP: no result, no plan and no directive of its own', () => {
    fc.assert(
      fc.property(documents, (all) => {
        for (const document of all) {
          const text = ktapText(document);
          expect(text).toMatch(visible);
          expect(text).not.toMatch(/^Bail out!/m);
          const [suite] = parseKtap(text);
          expect(suite?.inside.filter(({ directive }) => directive === undefined).length).toBe(
            document.schema === 'mpath.verify/1' ? 3 : 1,
          );
        }
      }),
    );
  });

  it('leaves JUnit well-formed, with as many cases as rows', () => {
    fc.assert(
      fc.property(documents, (all) => {
        for (const document of all) {
          const [suite] = parseXml(junitText(document)).children;
          expect(suite?.children.map(({ tag }) => tag)).toEqual(
            Array.from({ length: document.schema === 'mpath.verify/1' ? 4 : 1 }, () => 'testcase'),
          );
        }
      }),
    );
  });

  it('begins no workflow command of its own', () => {
    fc.assert(
      fc.property(documents, (all) => {
        for (const document of all) {
          for (const line of githubLines(document)) {
            expect(line).toMatch(/^::(?:error|warning) (?:file=[^:,]*,line=1,)?title=[^:,]*::/);
            expect(line).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
          }
        }
      }),
    );
  });

  it('stays a text in the data of the page: nothing of it ends the element, and it reads back', () => {
    fc.assert(
      fc.property(documents, stories, (all, told) => {
        const data = { all, stories: told.map(pageStory) };
        const text = embedded(data);
        expect(text).not.toMatch(/[<>&\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(text)).toMatchObject({ all: [{ schema: 'mpath.verify/1' }, {}, {}] });
      }),
    );
  });
});
