// SPDX-License-Identifier: GPL-2.0-only
import type { DiffDocument, Report, ReportEvent, ScenarioVerdict, VerifyDocument } from '@libmultipath/contract';
import { diffLines } from './diff-lines.js';
import { LiveLine, type Terminal } from './live-line.js';
import { Pace } from './pace.js';
import { palette } from './palette.js';
import { printable, printableLines } from './printable.js';
import { scenarioLines } from './scenario-lines.js';
import { outcomeLines } from './outcome-lines.js';

export interface TerminalOptions extends Terminal {
  readonly colour: boolean;
  /** Names of the two models of a diff. */
  readonly models?: readonly [string, string];
  /** `quiet`: only what is not as it should be, and the summary. `verbose`: progress as lines, every outcome. */
  readonly level?: Level;
  /** Rows that are to come, and a clock (seconds from any origin): the progress line then says how far it is. */
  readonly rows?: number;
  readonly now?: () => number;
}

export type Level = 'quiet' | 'usual' | 'verbose';

export interface TerminalView {
  readonly report: Report;
  /** The line that a run ends with. */
  summary(document: VerifyDocument | DiffDocument): void;
  /** Takes the progress line away. */
  end(): void;
}

/** The stream of events for a person: rewritten progress on a terminal, plain lines elsewhere. */
export const terminalView = (options: TerminalOptions): TerminalView => {
  const line = new LiveLine(options);
  const colours = palette(options.colour);
  const models = options.models ?? (['a', 'b'] as const);
  const { columns, level = 'usual', rows, now } = options;
  const quiet = level === 'quiet';
  const pace = rows === undefined || now === undefined ? undefined : new Pace(rows, now);
  let kernel = '';
  let stage = '';
  /** A quiet view keeps it until something has to be said of that kernel. */
  const banners = new Map<string, string>();

  const progress = (text: string): void => {
    const parts = [stage, ...(pace === undefined ? [] : [pace.text]), ...(text === '' ? [] : [text])];
    line.progress(`${parts.join(': ')}${text === '' ? ' …' : ''}`);
    if (level === 'verbose' && !options.live && text !== '') line.print(`${stage}: ${text}`);
  };

  const show = (event: ReportEvent): void => {
    switch (event.type) {
      case 'stage':
        stage = printable(event.title);
        if (quiet) return;
        if (options.live) progress('');
        else line.print(`${stage} …`);
        return;
      case 'progress':
        if (!quiet) progress(printable(event.text));
        return;
      case 'stage-done': {
        line.clear();
        if (quiet) return;
        const detail = event.detail === undefined ? '' : `: ${printable(event.detail)}`;
        line.print(`${printable(event.title)}${detail} ${colours.dim(`(${event.seconds.toFixed(1)} s)`)}`);
        return;
      }
      case 'banner': {
        const accelerator = event.accelerator === 'recorded' ? 'recorded' : `${event.accelerator}, QEMU ${event.qemu}`;
        const boot = event.bootSeconds > 0 ? `, booted in ${event.bootSeconds.toFixed(1)} s` : '';
        const banner = `${colours.strong(`Linux ${printable(event.release)}`)} (${printable(event.kernel)}; ${printable(accelerator)}${boot})`;
        if (quiet) banners.set(event.kernel, banner);
        else {
          kernel = event.kernel;
          line.print(banner);
        }
        return;
      }
      case 'scenario':
        pace?.tick();
        if (quiet && isExpected(event.verdict)) return;
        if (event.kernel !== kernel) {
          kernel = event.kernel;
          line.print(banners.get(kernel) ?? colours.strong(printable(kernel)));
        }
        for (const text of scenarioLines(event.verdict, event.seconds, colours)) line.print(text);
        if (level === 'verbose') for (const text of outcomeLines(event.verdict, colours)) line.print(text);
        return;
      case 'diff':
        pace?.tick();
        if (quiet && event.scenario.differences.every(({ why }) => why !== undefined)) return;
        for (const text of diffLines(event.scenario, {
          models,
          colours,
          ...(columns === undefined ? {} : { columns }),
        })) {
          line.print(text);
        }
        return;
      case 'note':
        for (const text of printableLines(event.text)) line.print(text);
    }
  };

  return {
    report: show,
    summary: (document) => {
      line.clear();
      for (const text of expectationLines(document)) line.print(text);
      for (const text of lostMachines(document)) line.print(text);
      line.print(summaryLine(document));
    },
    end: () => line.clear(),
  };
};

/** What a quiet run does not speak of. */
const isExpected = ({ verdict, expected }: ScenarioVerdict): boolean =>
  verdict === 'agree' || verdict === 'unsupported' || verdict === 'not-run' || expected !== undefined;

const summaryLine = (document: VerifyDocument | DiffDocument): string => {
  if (document.schema === 'mpath.diff/1') {
    const { same, differs, unsupported, error, unexplained } = document.summary;
    return listed({ same, differs, unsupported, error, unexplained }, ['same', 'differs']);
  }
  const { agree, diverge, tooLoose, fault, unsupported, error, notRun, expected, observations, discriminating } =
    document.summary;
  const rows = { agree, diverge, 'too-loose': tooLoose, 'kernel-fault': fault, unsupported, error, expected };
  const counts = listed({ ...rows, 'not run': notRun }, ['agree', 'diverge']);
  const meant = discriminating === undefined ? '' : `${String(discriminating)} discriminating of `;
  return `${counts} (${meant}${String(observations)} observations)`;
};

/** Before the counts, which are about scenarios: a machine that was replaced is no verdict on one. */
const lostMachines = ({ summary }: VerifyDocument | DiffDocument): string[] => {
  const count = 'incidents' in summary ? (summary.incidents ?? 0) : 0;
  return count === 0 ? [] : [`${String(count)} ${count === 1 ? 'machine' : 'machines'} lost and replaced`];
};

/** Entries of --expect that fail the run: what they waited for is gone, or their day is over. */
const expectationLines = (document: VerifyDocument | DiffDocument): string[] =>
  (document.schema === 'mpath.verify/1' ? (document.expectations ?? []) : []).flatMap((one) => {
    const what = `${printable(one.scenario)} on ${printable(one.kernel)}: ${one.verdict}`;
    if (one.state === 'gone') return [`gone: ${what} was expected and did not happen; take it off the list`];
    if (one.state === 'expired') return [`expired: ${what} was expected until ${one.until} (${printable(one.reason)})`];
    return [];
  });

const listed = (counts: Readonly<Record<string, number>>, always: readonly string[]): string =>
  Object.entries(counts)
    .filter(([name, count]) => count > 0 || always.includes(name))
    .map(([name, count]) => `${String(count)} ${name}`)
    .join(', ');
