// SPDX-License-Identifier: GPL-2.0-only
import { mpath } from '../../application.js';
import type { CliContext } from '../../context.js';

/** What a command line prints, without a process of its own, and its exit code. */
export const printed = async (
  args: readonly string[],
  columns?: number,
): Promise<{ readonly code: number; readonly text: string }> => {
  let text = '';
  const stdout = { write: (part: string) => void (text += part), ...(columns === undefined ? {} : { columns }) };
  const context: CliContext = {
    process: { stdout, stderr: stdout },
    cwd: '/nowhere',
    env: {},
    now: () => 0,
    today: () => '2026-01-01',
    exit: 0,
  };
  const code = await mpath(args, context);
  return { code, text };
};
