// SPDX-License-Identifier: GPL-2.0-only
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { runChild } from './child.mjs';
import { runStage } from './stage.mjs';

const cwd = tmpdir();
const node = (script: string, timeoutMs = 20_000) =>
  runChild(process.execPath, ['-e', script], { cwd, capture: true, timeoutMs });

it('gives exit code and output', async () => {
  expect(await node("console.log('out'); console.error('err'); process.exitCode = 3")).toEqual({
    code: 3,
    output: expect.stringMatching(/out[\s\S]*err|err[\s\S]*out/),
    timedOut: false,
  });
});

it('says 127 where there is no such program', async () => {
  expect(await runChild('no-such-program-here', [], { cwd, capture: true, timeoutMs: 1000 })).toMatchObject({
    code: 127,
  });
});

it('ends a child that takes too long', async () => {
  expect(await node('setInterval(() => {}, 1000)', 300)).toMatchObject({ code: 143, timedOut: true });
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('passes %s to its child once, waits for it, and exits %i', async (signal, code) => {
  const dir = mkdtempSync(join(tmpdir(), 'libmultipath-signal-'));
  try {
    const log = join(dir, 'log');
    const grandchild = `const fs = require('fs');
      process.on('${signal}', () => { fs.appendFileSync(${JSON.stringify(log)}, 'told\\n'); setTimeout(() => process.exit(0), 200); });
      setInterval(() => {}, 1000); process.stdout.write('ready\\n');`;
    const launcher = `import { runChild } from ${JSON.stringify(fileURLToPath(new URL('child.mjs', import.meta.url)))};
      runChild(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { cwd: '.', timeoutMs: 20000 })
        .then(() => { process.exitCode = 1; }, (error) => { process.exitCode = error.exit; });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', launcher], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    parent.kill(signal);
    const [exit] = await once(parent, 'close');
    expect(exit).toBe(code);
    expect(readFileSync(log, 'utf8')).toBe('told\n');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

const recorder = (isTTY: boolean) => {
  const parts: string[] = [];
  return { isTTY, parts, write: (text: string) => parts.push(text) };
};

it('prints plain lines where there is no terminal', async () => {
  const screen = recorder(false);
  expect(await runStage({ name: 'build', does: 'tsc -b' }, () => Promise.resolve(7), screen)).toBe(7);
  expect(screen.parts.join('')).toMatch(/^… build: tsc -b\n✓ build: tsc -b \(\d+\.\d s\)\n$/);
});

it('rewrites one line on a terminal, but not under the output of a tool', async () => {
  const alone = recorder(true);
  await runStage({ name: 'build', does: 'tsc -b' }, () => Promise.resolve(), alone);
  expect(alone.parts[0]).toMatch(/^\r/);
  expect(alone.parts.join('').split('\n')).toHaveLength(2);
  const streaming = recorder(true);
  await runStage({ name: 'tests', does: 'vitest', streams: true }, () => Promise.resolve(), streaming);
  expect(streaming.parts.join('')).not.toContain('\r');
});

it('marks a stage that failed, whether it throws or answers so', async () => {
  const screen = recorder(false);
  await runStage({ name: 'lint', does: 'oxlint', ok: (code: number) => code === 0 }, () => Promise.resolve(1), screen);
  await expect(runStage({ name: 'build', does: 'tsc' }, () => Promise.reject(new Error('no')), screen)).rejects.toThrow(
    'no',
  );
  expect(screen.parts.filter((part) => part.startsWith('✗'))).toHaveLength(2);
});
