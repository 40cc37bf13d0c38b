// SPDX-License-Identifier: GPL-2.0-only
// Are the verdicts the same each time? Runs every scenario N times, each time on a fresh machine, and writes what
// came of it to bench/flakiness/KERNEL-DRIVER.md: the log that is committed.
//
//   npm run bench -- flakiness [--times 20] [--kernel NAME] [--driver NAME] [--document FILE]
//
// `npm run nightly` is this with 20 times. --document writes the log of a run that was made with
// `mpath verify --repeat N --json FILE`.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodeOf, onEndSignals } from '@libmultipath/harness';
import { verifySchema } from '@libmultipath/report';
import { flakinessLog } from './flakiness/log.js';

const root = join(import.meta.dirname, '..');
const MAX_MS = 55 * 60_000;

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '20' },
    kernel: { type: 'string', default: '7.3' },
    driver: { type: 'string' },
    document: { type: 'string' },
  },
});
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1 || times > 100) {
  process.stderr.write(`--times: expected a whole number from 1 to 100, found ${values.times}\n`);
  process.exit(2);
}

/** Runs the comparison; its rows are shown as they come. @returns its exit code */
const verify = (document: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const driver = values.driver === undefined ? [] : ['--driver', values.driver];
    const bin = join(root, 'packages', 'cli', 'dist', 'bin.js');
    const args = ['verify', '--kernel', values.kernel, ...driver, '--repeat', String(times), '--json', document];
    const child = spawn(process.execPath, [bin, ...args], { cwd: root, stdio: 'inherit', timeout: MAX_MS });
    onEndSignals((signal) => {
      child.kill('SIGTERM');
      process.exit(exitCodeOf(signal));
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });

const scratch = mkdtempSync(join(tmpdir(), 'mpath-flakiness-'));
try {
  const file = values.document ?? join(scratch, 'verify.json');
  const began = performance.now();
  const code = values.document === undefined ? await verify(file) : 0;
  const document = verifySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const load = `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${String(availableParallelism())} cores`;
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  const how = values.document === undefined ? `${seconds} s, ${load}` : 'written from the document of an earlier run';
  const { text, steady } = flakinessLog(document, new Date().toISOString().slice(0, 10), how);
  const folder = join(import.meta.dirname, 'flakiness');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${values.kernel.replaceAll('/', '_')}-${values.driver ?? 'all'}.md`);
  writeFileSync(path, text);
  process.stdout.write(`${text}\nwritten: ${path}\n`);
  process.exitCode = steady ? code : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
