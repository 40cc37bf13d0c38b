// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import type { CliContext } from '../context.js';
import type { CheckedRevision } from './assemble.js';
import { printFindings } from './print-check.js';

it('tells no more schedules once a signal is some time ago, and says how many', async () => {
  let text = '';
  const output = { write: (more: string) => void (text += more) };
  const context: CliContext = {
    process: { stdout: output, stderr: output },
    cwd: '',
    env: {},
    now: () => 0,
    today: () => '',
    exit: 0,
  };
  const finding = (id: string) => ({ id, switches: 1, events: 2 });
  // Only what is looked at before a schedule is run.
  const checked = {
    listed: new Map(),
    rows: [{ findings: ['UAF-000001', 'UAF-000002'].map(finding) }],
  } as unknown as CheckedRevision;
  await printFindings(checked, undefined, {
    output,
    context,
    full: false,
    level: 'usual',
    spent: () => true,
  });
  expect(text).toBe('\nnot told, since the command was stopped: 2 of the schedules\n');
});
