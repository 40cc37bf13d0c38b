// SPDX-License-Identifier: GPL-2.0-only

export interface SplitLine {
  /** The line without its end, decoded as UTF-8. */
  readonly text: string;
  /** Bytes beyond the limit that were dropped from its end. */
  readonly droppedBytes: number;
}

/**
 * Cuts a byte stream into lines. It splits before it decodes, so a character that
 * arrives in two chunks is whole; it holds at most `maxBytes` of an unfinished line.
 */
export class LineSplitter {
  private parts: Uint8Array[] = [];
  private heldBytes = 0;
  private droppedBytes = 0;

  constructor(private readonly maxBytes: number) {}

  push(chunk: Uint8Array): SplitLine[] {
    const lines: SplitLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
      this.hold(chunk.subarray(from, at));
      lines.push(this.take());
      from = at + 1;
    }
    this.hold(chunk.subarray(from));
    return lines;
  }

  /** The unfinished last line, if there is one. */
  end(): SplitLine | undefined {
    return this.heldBytes + this.droppedBytes === 0 ? undefined : this.take();
  }

  private hold(part: Uint8Array): void {
    const kept = part.subarray(0, this.maxBytes - this.heldBytes);
    this.droppedBytes += part.length - kept.length;
    if (kept.length === 0) return;
    this.parts.push(kept);
    this.heldBytes += kept.length;
  }

  private take(): SplitLine {
    const text = Buffer.concat(this.parts).toString('utf8');
    const line = { text: text.endsWith('\r') ? text.slice(0, -1) : text, droppedBytes: this.droppedBytes };
    this.parts = [];
    this.heldBytes = 0;
    this.droppedBytes = 0;
    return line;
  }
}
