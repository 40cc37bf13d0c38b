// SPDX-License-Identifier: GPL-2.0-only
import { execa } from 'execa';
import { within } from './deadline.js';
import { fail } from './errors.js';

const STDERR_CHARS_MAX = 8_192;

/** How the process ended; one of the two is set. */
export interface QemuExit {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** setpriv itself could not be started, errno name. */
  readonly spawnError: string | undefined;
}

/** One QEMU, bound to the life of this process. */
export interface QemuProcess {
  /** Of QEMU itself: setpriv becomes it. */
  readonly pid: number | undefined;
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<QemuExit>;
  /** The end of what it printed to standard error. */
  readonly stderr: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
}

/**
 * Starts QEMU through `setpriv --pdeathsig KILL`: the kernel of the host kills it when
 * this process dies, however it dies and whatever the guest does. The one window, death
 * between fork and prctl(), is closed by the sockets: QEMU connects to us at start and
 * gives up when nobody listens.
 *
 * A session of its own keeps a Ctrl-C at the terminal from ending QEMU before the report.
 */
export const startQemu = (qemuPath: string, args: readonly string[]): QemuProcess => {
  const child = execa('setpriv', ['--pdeathsig', 'KILL', '--', qemuPath, ...args], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    detached: true,
    env: { LC_ALL: 'C' },
  });
  let tail = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_CHARS_MAX);
  });
  const exited = child.then((result): QemuExit => ({
    exitCode: result.exitCode,
    signal: result.signal,
    spawnError: result.exitCode === undefined && result.signal === undefined ? (result.code ?? 'unknown') : undefined,
  }));
  return { pid: child.pid, exited, stderr: () => tail.trim(), signal: (signal) => void child.kill(signal) };
};

/** `exit code 1`, `signal SIGKILL`. */
export const describeExit = ({ exitCode, signal, spawnError }: QemuExit): string =>
  spawnError ?? (signal === undefined ? `exit code ${exitCode ?? '?'}` : `signal ${signal}`);

/**
 * SIGTERM, then SIGKILL, each with its deadline, awaited by the exit itself.
 * @throws LMP-741 it survived
 */
export const killQemu = async (
  process: QemuProcess,
  timeouts: { readonly termMs: number; readonly killMs: number },
): Promise<'sigterm' | 'sigkill'> => {
  process.signal('SIGTERM');
  if ((await within(process.exited, timeouts.termMs)).done) return 'sigterm';
  process.signal('SIGKILL');
  if ((await within(process.exited, timeouts.killMs)).done) return 'sigkill';
  throw fail('LMP-741', {
    message: `QEMU (pid ${process.pid ?? '?'}) survived SIGKILL for ${timeouts.killMs} ms`,
    todo: 'look at /proc/PID/stack on this machine',
  });
};
