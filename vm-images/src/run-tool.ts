// SPDX-License-Identifier: GPL-2.0-only
import { execa } from 'execa';
import { vmImagesErrors } from './errors.js';

export interface ToolResult {
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** Debian package that brings the program. */
  readonly debianPackage?: string;
}

/**
 * Runs a program without a shell and without input; it ends with this process or at its deadline.
 * @throws LMP-807 where there is no such program.
 */
export const runTool = async (
  program: string,
  args: readonly string[],
  { cwd, timeoutMs = 60_000, debianPackage }: ToolOptions = {},
): Promise<ToolResult> => {
  const result = await execa(program, [...args], {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    maxBuffer: 64 << 20,
    // Messages are matched, so they must not be translated.
    env: { LC_ALL: 'C' },
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (result.failed && result.code === 'ENOENT') {
    throw vmImagesErrors.fail('LMP-807', {
      message: `${program} is not installed`,
      todo: `apt-get install ${debianPackage ?? program}, or give --kernel path/to/bzImage`,
    });
  }
  const late = result.timedOut ? `${program} was ended after ${timeoutMs} ms\n` : '';
  return { failed: result.failed, stdout: result.stdout, stderr: late + result.stderr };
};

/** The last lines of what a program complained about: enough for a message. */
export const lastLines = (text: string, count = 3): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-count)
    .join('; ');
