// SPDX-License-Identifier: GPL-2.0-only

export interface Terminal {
  readonly write: (text: string) => void;
  /** Lines can be rewritten in place. */
  readonly live: boolean;
  /** Columns of the terminal; a progress line is cut there. Default 80. */
  readonly columns?: number;
}

const CLEAR = '\r\u001b[2K';

/** Lines that stay, and at the end of them one that is rewritten while something goes on. */
export class LiveLine {
  private shown = '';

  constructor(private readonly terminal: Terminal) {}

  /** A line that stays. */
  print(line: string): void {
    const { terminal, shown } = this;
    if (shown === '') terminal.write(`${line}\n`);
    else terminal.write(`${CLEAR}${line}\n${shown}`);
  }

  /** What goes on now; nothing where lines cannot be rewritten. */
  progress(text: string): void {
    if (!this.terminal.live) return;
    const cut = Array.from(text)
      .slice(0, Math.max(10, (this.terminal.columns ?? 80) - 1))
      .join('');
    this.shown = cut;
    this.terminal.write(`${CLEAR}${cut}`);
  }

  clear(): void {
    if (this.shown === '') return;
    this.shown = '';
    this.terminal.write(CLEAR);
  }
}
