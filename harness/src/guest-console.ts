// SPDX-License-Identifier: GPL-2.0-only
import type { Readable } from 'node:stream';
import { FaultWatch, type ExpectedFault, type FaultExpectation, type KernelFault } from './fault-watch.js';
import { LineSplitter, type SplitLine } from './line-splitter.js';

const MAX_LINES = 4_000;
const MAX_LINE_BYTES = 4_096;
// Firmware draws with CSI sequences; they say nothing here. Other control bytes become dots.
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>c])/g;
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

const decode = ({ text, droppedBytes }: SplitLine): string => {
  const clean = text.replaceAll(ESCAPES, '').replaceAll(CONTROLS, '.');
  return droppedBytes > 0 ? `${clean}… (${droppedBytes} bytes more)` : clean;
};

/** The serial console: a bounded ring of lines, watched for kernel faults. */
export class GuestConsole {
  private readonly ring: string[] = [];
  private readonly splitter = new LineSplitter(MAX_LINE_BYTES);
  private readonly watch: FaultWatch;
  private readonly lineListeners = new Set<(line: string) => void>();
  private readonly faultListeners = new Set<(fault: KernelFault) => void>();
  /** Resolves with the first byte. */
  readonly firstOutput: Promise<void>;
  /** Resolves when the console has closed and every line and report has been handed on. */
  readonly drained: Promise<void>;

  constructor(stream: Readable) {
    this.watch = new FaultWatch((fault) => {
      for (const listener of [...this.faultListeners]) listener(fault);
    });
    this.firstOutput = new Promise((resolve) => {
      stream.once('data', () => resolve());
    });
    stream.on('data', (chunk: Uint8Array) => {
      for (const line of this.splitter.push(chunk)) this.take(line);
    });
    this.drained = new Promise((resolve) => {
      const end = (): void => {
        const rest = this.splitter.end();
        if (rest !== undefined) this.take(rest);
        this.watch.flush();
        resolve();
      };
      stream.once('close', end);
      stream.once('end', end);
      // close follows
      stream.on('error', () => {});
    });
  }

  get faults(): readonly KernelFault[] {
    return this.watch.faults;
  }

  get unmetExpectations(): readonly FaultExpectation[] {
    return this.watch.unmet;
  }

  /** The last `count` lines, oldest first. */
  tail(count: number = MAX_LINES): readonly string[] {
    return count <= 0 ? [] : this.ring.slice(-count);
  }

  onLine(listener: (line: string) => void): () => void {
    this.lineListeners.add(listener);
    return () => this.lineListeners.delete(listener);
  }

  onFault(listener: (fault: KernelFault) => void): () => void {
    this.faultListeners.add(listener);
    return () => this.faultListeners.delete(listener);
  }

  /** Declares one fault as meant: it is recorded, and ends nothing. */
  expectFault(expectation: FaultExpectation): ExpectedFault {
    return this.watch.expect(expectation);
  }

  private take(line: SplitLine): void {
    const text = decode(line);
    this.ring.push(text);
    if (this.ring.length > MAX_LINES) this.ring.splice(0, this.ring.length - MAX_LINES);
    for (const listener of [...this.lineListeners]) listener(text);
    this.watch.feed(text);
  }
}
