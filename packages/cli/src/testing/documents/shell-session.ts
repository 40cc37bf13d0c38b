// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../../dist/bin.js', import.meta.url));

export interface SessionOptions {
  /** Folder to begin in; a new, empty one unless given. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of one command. */
  readonly timeoutMs?: number;
}

/** What a command printed on both streams, in the order in which a terminal shows it. */
export interface Printed {
  readonly output: string;
  readonly code: number | null;
}

/** A terminal as a reader has one: `mpath` is in the PATH, `cd` stays, no colour, nobody types. */
export class ShellSession {
  private constructor(
    private readonly home: string,
    /** Where it stands now. */
    public cwd: string,
    private readonly options: SessionOptions,
  ) {}

  static async open(options: SessionOptions = {}): Promise<ShellSession> {
    const home = await mkdtemp(join(tmpdir(), 'mpath-document-'));
    for (const name of ['bin', 'folder', 'tmp']) await mkdir(join(home, name));
    const shim = join(home, 'bin/mpath');
    await writeFile(shim, `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`);
    await chmod(shim, 0o755);
    return new ShellSession(home, options.cwd ?? join(home, 'folder'), options);
  }

  /** A path as the reader means it. */
  path(name: string): string {
    return resolve(this.cwd, name);
  }

  async run(command: string): Promise<Printed> {
    const { home, options } = this;
    const state = join(home, 'tmp/cwd');
    const script = `{ ${command}\n} 2>&1; code=$?; pwd > '${state}'; exit $code`;
    const child = spawn('sh', ['-c', script], {
      cwd: this.cwd,
      env: {
        ...process.env,
        PATH: [join(home, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        NO_COLOR: '1',
        // Where both are set Node warns of it.
        FORCE_COLOR: undefined,
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      // A group of its own, so that what the shell started ends with it.
      detached: true,
    });
    const late = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, options.timeoutMs ?? 120_000);
    const printed = await new Promise<Printed>((done, failed) => {
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.on('error', failed);
      child.on('close', (code) => done({ output, code }));
    }).finally(() => clearTimeout(late));
    this.cwd = (await readFile(state, 'utf8').catch(() => this.cwd)).trimEnd();
    return printed;
  }

  close(): Promise<void> {
    return rm(this.home, { recursive: true, force: true });
  }
}
