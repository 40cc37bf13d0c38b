// SPDX-License-Identifier: GPL-2.0-only
import { endsReport, faultKindOf, isCutHere, isRule, messageOf, type FaultKind } from './fault-patterns.js';

/** A report of the guest's kernel, as it stood on the console. */
export interface KernelFault {
  readonly kind: FaultKind;
  /** The telling line, without timestamp. */
  readonly headline: string;
  /** The whole report, at most {@link MAX_LINES} lines. */
  readonly lines: readonly string[];
  /** Declared with `expectFault()`. */
  readonly expected: boolean;
}

export interface FaultExpectation {
  readonly kind?: FaultKind;
  /** Tested against every line of the report. */
  readonly pattern?: RegExp;
}

export interface ExpectedFault {
  /** Resolves with the fault when it comes. */
  readonly seen: Promise<KernelFault>;
  /** Takes the expectation back. */
  readonly cancel: () => void;
}

const MAX_LINES = 80;
const MAX_FAULTS = 16;
/** A report without an end mark is over when the console was quiet for this long. */
const QUIET_MS = 400;

interface OpenReport {
  kind: FaultKind | undefined;
  headline: string;
  readonly lines: string[];
}

interface Waiting {
  readonly expectation: FaultExpectation;
  readonly resolve: (fault: KernelFault) => void;
}

/** Whether the line begins a report of its own although one is open. */
const startsAnother = (report: OpenReport, line: string, kind: FaultKind | undefined): boolean => {
  if (report.kind === undefined || report.kind === 'panic' || report.kind === 'no-root') return false;
  if (kind === 'oops') return report.kind !== 'bug' && report.kind !== 'kasan';
  return kind !== undefined || isCutHere(line);
};

/** Collects console lines into reports and tells expected ones from the rest. */
export class FaultWatch {
  private open: OpenReport | undefined;
  private previous = '';
  private quiet: NodeJS.Timeout | undefined;
  private readonly waiting = new Set<Waiting>();
  private readonly seen: KernelFault[] = [];

  constructor(private readonly onFault: (fault: KernelFault) => void) {}

  get faults(): readonly KernelFault[] {
    return this.seen;
  }

  /** Expectations that no fault has met. */
  get unmet(): readonly FaultExpectation[] {
    return [...this.waiting].map(({ expectation }) => expectation);
  }

  /** The next fault that fits is recorded as expected, once. */
  expect(expectation: FaultExpectation): ExpectedFault {
    let entry: Waiting | undefined;
    const seen = new Promise<KernelFault>((resolve) => {
      entry = { expectation, resolve };
      this.waiting.add(entry);
    });
    return { seen, cancel: () => entry !== undefined && this.waiting.delete(entry) };
  }

  feed(line: string): void {
    const kind = faultKindOf(line);
    if (this.open === undefined) {
      if (kind !== undefined || isCutHere(line)) {
        const lines = isRule(this.previous) ? [this.previous, line] : [line];
        this.open = { kind, headline: messageOf(line), lines };
      }
    } else if (startsAnother(this.open, line, kind)) {
      // One report in the middle of another must not pass as part of an expected one.
      this.flush();
      this.open = { kind, headline: messageOf(line), lines: [line] };
    } else {
      this.extend(this.open, line, kind);
    }
    this.previous = line;
    if (this.open === undefined) return;
    clearTimeout(this.quiet);
    if (endsReport(line) || this.open.lines.length >= MAX_LINES) this.flush();
    else this.quiet = setTimeout(() => this.flush(), QUIET_MS);
  }

  /** Ends an unfinished report: the console is quiet or has closed. */
  flush(): void {
    clearTimeout(this.quiet);
    const report = this.open;
    if (report === undefined) return;
    this.open = undefined;
    // A cut mark with nothing known after it is still a report of a fault.
    const fault: KernelFault = this.classify(report.kind ?? 'warning', report);
    if (this.seen.length < MAX_FAULTS) this.seen.push(fault);
    this.onFault(fault);
  }

  private extend(report: OpenReport, line: string, kind: FaultKind | undefined): void {
    report.lines.push(line);
    if (report.kind !== undefined || kind === undefined) return;
    report.kind = kind;
    report.headline = messageOf(line);
  }

  private classify(kind: FaultKind, { headline, lines }: OpenReport): KernelFault {
    const entry = [...this.waiting].find(
      ({ expectation }) =>
        (expectation.kind === undefined || expectation.kind === kind) &&
        (expectation.pattern === undefined || lines.some((line) => expectation.pattern?.test(line))),
    );
    const fault: KernelFault = { kind, headline, lines, expected: entry !== undefined };
    if (entry !== undefined) {
      this.waiting.delete(entry);
      entry.resolve(fault);
    }
    return fault;
  }
}
